import { ProblemError } from '../config/problem.ts';
import { formatNumber } from '../config/quantity.ts';

/** The possible faults of a file. */
export const FORMAT_PROBLEM_CODES = [
  'empty-file',
  'truncated',
  'wrong-format',
  'forbidden',
  'unsupported',
  'inconsistent',
  'too-large',
] as const;

/**
 * - `empty-file`: nothing in it
 * - `truncated`: ends before it should
 * - `wrong-format`: not this kind of file, or damaged beyond recognition
 * - `forbidden`: asks for something no data file needs, such as calling a function
 * - `unsupported`: right kind of file, but a part of the format that is not read here
 * - `inconsistent`: its parts contradict each other
 * - `too-large`: reading it would take more memory than a file of its size may use
 */
export type FormatProblemCode = (typeof FORMAT_PROBLEM_CODES)[number];

/** Where in the file: a byte offset, a record or line number (from 0), or both. */
export interface FormatPlace {
  readonly byte?: number;
  readonly record?: number;
}

/** The only error the readers of this folder throw: the fault, its place, and the remedy. */
export class FormatProblem extends ProblemError<FormatProblemCode> {
  override readonly name = 'FormatProblem';
  /** The message without the place. */
  readonly sentence: string;
  readonly place: FormatPlace;

  /** `sentence` comes without the place, which is added to the message. */
  constructor(code: FormatProblemCode, sentence: string, hint: string, place: FormatPlace = {}) {
    super(code, `${sentence}${placeText(place)}`, hint);
    this.sentence = sentence;
    this.place = place;
  }
}

function placeText({ byte, record }: FormatPlace): string {
  const parts = [
    ...(record === undefined ? [] : [`record ${formatNumber(record)}`]),
    ...(byte === undefined ? [] : [`byte ${formatNumber(byte)}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
