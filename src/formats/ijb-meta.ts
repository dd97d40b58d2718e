import { Budget, ENTRY_BYTES, OBJECT_BYTES } from './budget.ts';
import { FormatProblem } from './problem.ts';

/*
 * The text files of IJB-B and IJB-C as InsightFace's eval_ijbc.py reads them: one line an entry, spaces between, no
 * heading. Read from bytes and into columns: IJB-C has 15.6 million lines of pairs.
 */

/** `meta/ijbc_face_tid_mid.txt`: which template and medium each image belongs to. Columns are [images]. */
export interface IjbImages {
  /** Image file names, such as "1.jpg". */
  readonly names: readonly string[];
  readonly templates: Int32Array<ArrayBuffer>;
  readonly media: Int32Array<ArrayBuffer>;
}

/** `meta/ijbc_template_pair_label.txt`. Columns are [pairs]. */
export interface IjbPairs {
  readonly left: Int32Array<ArrayBuffer>;
  readonly right: Int32Array<ArrayBuffer>;
  /** 1 where both templates show one person. */
  readonly same: Uint8Array<ArrayBuffer>;
}

/** `meta/ijbc_name_5pts_score.txt`: the findings of a face detector. */
export interface IjbLandmarks {
  readonly names: readonly string[];
  /** [images, 5, 2]: x and y of left eye, right eye, nose, left and right corner of the mouth, in the loose crop. */
  readonly points: Float32Array<ArrayBuffer>;
  /** [images], how sure the detector was. */
  readonly scores: Float32Array<ArrayBuffer>;
}

/** @throws FormatProblem; `record` in its place is the line, from 0. */
export function readIjbImages(bytes: Uint8Array, budget = new Budget(bytes.length)): IjbImages {
  const count = countLines(bytes);
  budget.charge(count * (ENTRY_BYTES + OBJECT_BYTES), 'its lines');
  const names: string[] = [];
  const templates = new Int32Array(count);
  const media = new Int32Array(count);
  eachLine(bytes, 3, 'image, template and medium', (fields, line) => {
    names.push(fields[0] ?? '');
    templates[line] = wholeNumber(fields[1], line);
    media[line] = wholeNumber(fields[2], line);
  });
  return { names, templates, media };
}

/** @throws FormatProblem; `record` in its place is the line, from 0. */
export function readIjbPairs(bytes: Uint8Array, budget = new Budget(bytes.length)): IjbPairs {
  const count = countLines(bytes);
  budget.charge(count * ENTRY_BYTES, 'its lines');
  const left = new Int32Array(count);
  const right = new Int32Array(count);
  const same = new Uint8Array(count);
  const numbers = new Int32Array(3);
  let line = 0;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed;
    if (!threeNumbers(bytes, start, end, numbers)) readPairSlowly(bytes.subarray(start, end), line, numbers);
    left[line] = numbers[0] ?? 0;
    right[line] = numbers[1] ?? 0;
    const answer = numbers[2] ?? 0;
    if (answer !== 0 && answer !== 1) throw wrongLine(`An answer is ${answer}, neither 0 nor 1`, line);
    same[line] = answer;
    start = end + 1;
  }
  return { left, right, same };
}

/** @throws FormatProblem; `record` in its place is the line, from 0. */
export function readIjbLandmarks(bytes: Uint8Array, budget = new Budget(bytes.length)): IjbLandmarks {
  const count = countLines(bytes);
  budget.charge(count * (4 * ENTRY_BYTES + OBJECT_BYTES), 'its lines');
  const names: string[] = [];
  const points = new Float32Array(count * 10);
  const scores = new Float32Array(count);
  eachLine(bytes, 12, 'name, five points and score', (fields, line) => {
    names.push(fields[0] ?? '');
    for (let i = 0; i < 10; i++) points[line * 10 + i] = finiteNumber(fields[i + 1], line);
    scores[line] = finiteNumber(fields[11], line);
  });
  return { names, points, scores };
}

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const ZERO = 0x30;

/**
 * Three whole numbers of up to nine digits with one space between, as nearly all lines are; false for anything else.
 */
function threeNumbers(bytes: Uint8Array, start: number, end: number, into: Int32Array): boolean {
  let field = 0;
  let digits = 0;
  let value = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === SPACE && digits > 0 && field < 2) {
      into[field++] = value;
      digits = value = 0;
      continue;
    }
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9 || ++digits > 9) return false;
    value = 10 * value + digit;
  }
  into[2] = value;
  return field === 2 && digits > 0;
}

/** The same for lines with other gaps and ends. @throws FormatProblem */
function readPairSlowly(bytes: Uint8Array, line: number, into: Int32Array): void {
  const fields = fieldsOf(bytes, 3, 'two templates and 0 or 1', line);
  for (let i = 0; i < 3; i++) into[i] = wholeNumber(fields[i], line);
}

function countLines(bytes: Uint8Array): number {
  let count = bytes.length > 0 && bytes.at(-1) !== LINE_FEED ? 1 : 0;
  for (const byte of bytes) if (byte === LINE_FEED) count++;
  if (count === 0) throw new FormatProblem('empty-file', 'The list is empty.', 'Copy the file again.');
  return count;
}

/** Calls `take` for every line. */
function eachLine(
  bytes: Uint8Array,
  fieldCount: number,
  entries: string,
  take: (fields: readonly string[], line: number) => void,
): void {
  let line = 0;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed;
    take(fieldsOf(bytes.subarray(start, end), fieldCount, entries, line), line);
    start = end + 1;
  }
}

const decoder = new TextDecoder();

function fieldsOf(bytes: Uint8Array, fieldCount: number, entries: string, line: number): readonly string[] {
  const text = decoder.decode(bytes).trim();
  const fields = text.split(/\s+/);
  if (fields.length === fieldCount && text !== '') return fields;
  throw wrongLine(`A line has ${text === '' ? 0 : fields.length} entries, not the ${fieldCount} of ${entries}`, line);
}

function wholeNumber(text: string | undefined, line: number): number {
  if (text === undefined || !/^\d{1,10}$/.test(text) || Number(text) > 0x7fffffff) {
    throw wrongLine(`"${text?.slice(0, 30)}" is no whole number`, line);
  }
  return Number(text);
}

function finiteNumber(text: string | undefined, line: number): number {
  const value = Number(text);
  if (text === undefined || !Number.isFinite(value)) throw wrongLine(`"${text?.slice(0, 30)}" is no number`, line);
  return value;
}

function wrongLine(sentence: string, record: number): FormatProblem {
  return new FormatProblem('wrong-format', `${sentence}.`, 'Use the files of the meta folder as they were published.', {
    record,
  });
}
