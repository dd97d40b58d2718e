import { Budget, ENTRY_BYTES } from './budget.ts';
import { FormatProblem } from './problem.ts';

/** The contents of a `.lst` file on the images of a .rec file; both are [images], in the order of the file. */
export interface RecordList {
  readonly keys: Float64Array<ArrayBuffer>;
  /** The first label of each image. */
  readonly labels: Float64Array<ArrayBuffer>;
}

/**
 * Reads an im2rec `.lst` file: one line an image, key, label or labels, and path, with tabs between.
 * @throws FormatProblem; `record` in its place is the line, from 0.
 */
export function readRecordList(bytes: Uint8Array, budget = new Budget(bytes.length)): RecordList {
  const decoder = new TextDecoder();
  const keys: number[] = [];
  const labels: number[] = [];
  let line = 0;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed < 0 ? bytes.length : feed;
    const text = decoder.decode(bytes.subarray(start, end)).trimEnd();
    start = end + 1;
    if (text === '') continue;
    const fields = text.split('\t');
    const key = Number(fields[0]);
    const label = Number(fields[1]);
    if (fields.length < 3 || !Number.isSafeInteger(key) || key < 0 || !Number.isFinite(label)) {
      throw new FormatProblem(
        'wrong-format',
        'A line of the list is not a key, a label and a path with tabs between.',
        'Use the .lst file from which im2rec made the .rec file, or leave it out.',
        { record: line },
      );
    }
    budget.charge(3 * ENTRY_BYTES, 'its lines');
    keys.push(key);
    labels.push(label);
  }
  if (keys.length === 0) throw new FormatProblem('empty-file', 'The list names no image.', 'Leave the .lst file out.');
  return { keys: Float64Array.from(keys), labels: Float64Array.from(labels) };
}
