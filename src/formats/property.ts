import { FormatProblem } from './problem.ts';

/** The contents of a `property` file beside a .rec file. */
export interface RecordProperty {
  readonly identities: number;
  readonly height: number;
  readonly width: number;
  /** On the second line, where there is one. */
  readonly images: number | undefined;
}

/**
 * Reads a `property` file: "identities,height,width", and on some packings the number of images below.
 * @throws FormatProblem
 */
export function readProperty(text: string): RecordProperty {
  const [first = '', second = ''] = text.split('\n').map((line) => line.trim());
  const numbers = /^(\d{1,9}),\s*(\d{1,5}),\s*(\d{1,5})$/.exec(first)?.slice(1).map(Number);
  const [identities, height, width] = numbers ?? [];
  if (identities === undefined || height === undefined || width === undefined) {
    throw new FormatProblem(
      text.trim() === '' ? 'empty-file' : 'wrong-format',
      'The property file does not start with "identities,height,width".',
      'Write for example "10575,112,112".',
      { byte: 0 },
    );
  }
  return { identities, height, width, images: /^\d{1,12}$/.test(second) ? Number(second) : undefined };
}
