import { Budget } from './budget.ts';
import { FormatProblem } from './problem.ts';

/** Offsets of the records of a .rec file. */
export interface RecordIndex {
  /** How many records there are. */
  readonly count: number;
  /** All keys, in the order of the index file. */
  readonly keys: Float64Array<ArrayBuffer>;
  /** Byte offset of the record with this key; undefined where there is none. */
  offsetOf(key: number): number | undefined;
  /** Start of the last record in the file. */
  readonly lastOffset: number;
  /** Where the record that starts at `offset` has to end: the next record's start, or undefined for the last one. */
  endOf(offset: number): number | undefined;
}

/** A key in disorder: its number once more, and its place. */
const KEY_BYTES = Float64Array.BYTES_PER_ELEMENT + Uint32Array.BYTES_PER_ELEMENT;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const ZERO = 0x30;

/**
 * Reads an .idx file: one line a record, key and byte offset with a tab between. Keys need not come in order.
 * Read from bytes, since the text of forty million lines is longer than a string can be.
 * @throws FormatProblem; `record` in its place is the line, from 0.
 */
export function readRecordIndex(bytes: Uint8Array, budget = new Budget(bytes.length)): RecordIndex {
  let lines = 1;
  for (const byte of bytes) if (byte === LINE_FEED) lines++;
  budget.charge(2 * Float64Array.BYTES_PER_ELEMENT * lines, 'its lines');
  const keys = new Float64Array(lines);
  const offsets = new Float64Array(lines);
  let count = 0;
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed;
    const last = bytes[end - 1] === CARRIAGE_RETURN && end > start ? end - 1 : end;
    if (last > start) {
      const gap = gapIn(bytes, start, last);
      const key = wholeNumber(bytes, start, gap);
      const offset = wholeNumber(bytes, gap + 1, last);
      if (key === undefined || offset === undefined) {
        throw new FormatProblem(
          'wrong-format',
          'A line of the index is not a key and a byte offset.',
          'Use the .idx file that belongs to the .rec file.',
          { byte: start, record: count },
        );
      }
      keys[count] = key;
      offsets[count] = offset;
      count++;
    }
    start = end + 1;
  }
  if (count === 0) throw new FormatProblem('empty-file', 'The index names no record.', 'Copy the .idx file again.');
  return recordIndex(keys.subarray(0, count), offsets.subarray(0, count), budget);
}

/** An index of records whose keys and offsets are known. */
function recordIndex(keys: Float64Array<ArrayBuffer>, offsets: Float64Array<ArrayBuffer>, budget: Budget): RecordIndex {
  const first = keys[0] ?? 0;
  const inOrder = keys.every((key, i) => key === i + first);
  // Keys that count up need no table: forty million entries would take gigabytes.
  if (!inOrder) budget.charge(KEY_BYTES * keys.length, 'its keys');
  const positions = inOrder ? undefined : positionsOf(keys);
  if (!isAscending(offsets)) budget.charge(offsets.byteLength, 'its offsets');
  const starts = isAscending(offsets) ? offsets : offsets.toSorted();
  return {
    count: keys.length,
    keys,
    lastOffset: starts.at(-1) ?? 0,
    offsetOf: (key) => offsets[positions === undefined ? key - first : positions(key)],
    endOf: (offset) => starts[firstAbove(starts, offset)],
  };
}

/** Where keys in disorder are in their list, -1 for none. A Map takes several times the time and the memory. */
function positionsOf(keys: Float64Array<ArrayBuffer>): (key: number) => number {
  const sorted = keys.toSorted();
  const positions = new Uint32Array(keys.length);
  // Of several lines with one key the last one counts.
  const placeOf = (key: number) => firstAbove(sorted, key) - 1;
  keys.forEach((key, position) => {
    positions[placeOf(key)] = position;
  });
  return (key) => (sorted[placeOf(key)] === key ? (positions[placeOf(key)] ?? -1) : -1);
}

function isAscending(values: Float64Array): boolean {
  return values.every((value, i) => i === 0 || value >= (values[i - 1] ?? 0));
}

/** Position of the first value above the given one in an ascending list. */
function firstAbove(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where the first tab or space of a line is; its end where there is none. */
function gapIn(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== TAB && bytes[at] !== SPACE) at++;
  return at;
}

/** Decimal digits only; undefined for anything else, or where the number would not be exact. */
function wholeNumber(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end <= start || end - start > 16) return undefined;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = 10 * value + digit;
  }
  return Number.isSafeInteger(value) ? value : undefined;
}
