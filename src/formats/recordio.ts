import { formatNumber } from '../config/quantity.ts';
import { ByteCursor } from './byte-cursor.ts';
import { FormatProblem } from './problem.ts';
import type { RecordIndex } from './record-index.ts';

/** Reads bytes [offset, offset + length) of a file; fewer where it ends before. Never the whole file. */
export type ReadSlice = (offset: number, length: number) => Promise<Uint8Array>;

/** A record of an image list. */
export interface ImageRecord {
  /** One label; two or more where the record's flag says so (class, then whether it is aligned). */
  readonly labels: Float32Array<ArrayBuffer>;
  /** The encoded image (JPEG); empty for a record without one. */
  readonly image: Uint8Array;
}

/**
 * Which convention a .rec file follows: `insightface` has a header record with key 0 and one range record an identity;
 * `im2rec` has images only.
 */
export type RecordLayout = 'insightface' | 'im2rec';

/** An opened .rec file: nothing but its first record has been read. */
export interface RecordFile {
  readonly layout: RecordLayout;
  /** Keys of the images, in the order of the index. */
  readonly imageKeys: Float64Array<ArrayBuffer>;
  /**
   * How many identities the header names; undefined without a header. Their range records have the keys that follow.
   */
  readonly identities: number | undefined;
  /**
   * Key of the first identity's range record, whose labels are [first image key, last + 1); undefined without a header.
   */
  readonly firstIdentity: number | undefined;
  /** How many bytes of the file belong to a record, header and padding included; 0 where there is none. */
  bytesOf(key: number): number;
  /** A record's labels alone: its image is not read. @throws FormatProblem */
  labels(key: number): Promise<Float32Array<ArrayBuffer>>;
  /** @throws FormatProblem; `record` in its place is the key. */
  read(key: number): Promise<ImageRecord>;
}

const MAGIC = 0xced7230a;
const MAGIC_BYTES = Uint8Array.of(0x0a, 0x23, 0xd7, 0xce);
/** u32 flag, f32 label, u64 id, u64 second id. */
const HEADER_BYTES = 24;
/** Continuation flags in the upper three bits of a part's length. */
const WHOLE = 0;
const FIRST = 1;
const MIDDLE = 2;
const LAST = 3;
/** Enough for a record's header, an image's header and a few labels. */
const LABELS_BYTES = 8 + HEADER_BYTES + 16;
/** An encoded face takes some kilobytes; a record that claims more than this is damaged. */
const LARGEST_RECORD = 64 * 1024 * 1024;

/**
 * Opens an MXNet RecordIO file of images with its index (dmlc-core recordio.h, mxnet recordio.py). `size` is the length
 * of the .rec file in bytes. Reads one record: the one with key 0, which decides about the layout; a missing key 0
 * means that every key is an image.
 * @throws FormatProblem
 */
export async function openRecords(read: ReadSlice, size: number, index: RecordIndex): Promise<RecordFile> {
  if (size === 0) throw new FormatProblem('empty-file', 'The .rec file is empty.', 'Copy the file again.');
  if (index.lastOffset + 8 > size) {
    throw new FormatProblem(
      'truncated',
      `The .rec file ends at byte ${formatNumber(size)}, but its index names a record that starts at byte ${formatNumber(index.lastOffset)}.`,
      'Copy the file again, or use the .idx file that belongs to it.',
    );
  }
  const readKey = (key: number) => readRecord(read, size, index, key);
  const all: RecordFile = {
    layout: 'im2rec',
    imageKeys: index.keys,
    identities: undefined,
    firstIdentity: undefined,
    bytesOf: (key) => {
      const start = index.offsetOf(key);
      return start === undefined ? 0 : Math.max(0, (index.endOf(start) ?? size) - start);
    },
    labels: async (key) => (await readLabels(read, size, index, key)) ?? (await readKey(key)).labels,
    read: readKey,
  };
  if (index.offsetOf(0) === undefined) return all;
  const header = await readKey(0);
  if (header.labels.length < 2 || header.image.length > 0) return all;
  // Labels [N + 1, N + 1 + identities]: images have the keys 1..N, the identities' ranges follow.
  const [firstIdentity = 0, end = 0] = header.labels;
  const imageKeys = index.keys.filter((key) => key >= 1 && key < firstIdentity);
  // Range records are in the index too: a header that names more of them is damaged.
  const named = Number.isInteger(firstIdentity) && Number.isInteger(end) && end - firstIdentity <= index.count;
  if (imageKeys.length === 0 || end < firstIdentity || !named) {
    throw new FormatProblem(
      'inconsistent',
      `The header says images end before key ${firstIdentity} and identities before ${end}, which does not fit ${index.count} records.`,
      'Use the .rec and .idx files of one packing.',
      { record: 0 },
    );
  }
  return { ...all, layout: 'insightface', imageKeys, identities: end - firstIdentity, firstIdentity };
}

async function readRecord(read: ReadSlice, size: number, index: RecordIndex, key: number): Promise<ImageRecord> {
  const start = index.offsetOf(key);
  if (start === undefined) {
    throw new FormatProblem('inconsistent', 'The index names no such record.', 'Use a key of the index.', {
      record: key,
    });
  }
  if (start + 8 > size) throw truncatedAt(start, key);
  const end = Math.min(index.endOf(start) ?? size, size);
  if (end - start > LARGEST_RECORD) {
    throw new FormatProblem(
      'inconsistent',
      `The record would be ${end - start} bytes long.`,
      'The .idx file does not belong to this .rec file, or names too few of its records.',
      { byte: start, record: key },
    );
  }
  const bytes = await read(start, end - start);
  try {
    return readImageRecord(joinParts(bytes));
  } catch (error) {
    if (!(error instanceof FormatProblem)) throw error;
    if (error.code === 'truncated' && end < size) {
      throw new FormatProblem(
        'inconsistent',
        'The record does not end where the index says the next one starts.',
        'Use the .idx file that belongs to this .rec file.',
        { byte: start, record: key },
      );
    }
    throw new FormatProblem(error.code, error.sentence, error.hint, {
      byte: start + (error.place.byte ?? 0),
      record: key,
    });
  }
}

/** Labels from a record's first bytes; undefined where they do not hold them, so that all of it has to be read. */
async function readLabels(read: ReadSlice, size: number, index: RecordIndex, key: number) {
  const start = index.offsetOf(key);
  if (start === undefined || start + LABELS_BYTES > size) return undefined;
  const bytes = await read(start, LABELS_BYTES);
  const cursor = new ByteCursor(bytes, 'record');
  if (cursor.u32() !== MAGIC) return undefined;
  const word = cursor.u32();
  const length = word & 0x1fffffff;
  // A payload in parts has lost four bytes where it was cut.
  if (word >>> 29 !== WHOLE || length < HEADER_BYTES) return undefined;
  const flag = cursor.u32();
  const label = cursor.f32();
  cursor.take(HEADER_BYTES - 8);
  if (flag === 0) return Float32Array.of(label);
  if (4 * flag > Math.min(length - HEADER_BYTES, cursor.remaining)) return undefined;
  return Float32Array.from({ length: flag }, () => cursor.f32());
}

/**
 * The payload of the record that starts here. A payload that holds the magic number at a multiple of 4 bytes was
 * written in parts, with the number left out; it is put back between them. Bytes after the record are left alone.
 * @throws FormatProblem
 */
export function joinParts(bytes: Uint8Array): Uint8Array {
  const cursor = new ByteCursor(bytes, '.rec file');
  const parts: Uint8Array[] = [];
  for (;;) {
    const byte = cursor.position;
    if (cursor.u32() !== MAGIC) {
      throw new FormatProblem(
        'wrong-format',
        'There is no record here.',
        'The file is damaged, or its .idx file belongs to another one.',
        { byte },
      );
    }
    const word = cursor.u32();
    const flag = word >>> 29;
    const length = word & 0x1fffffff;
    if ((parts.length === 0 ? flag !== WHOLE && flag !== FIRST : flag !== MIDDLE && flag !== LAST) || flag > LAST) {
      throw new FormatProblem('wrong-format', `A part of a record has the flag ${flag}.`, 'Copy the file again.', {
        byte,
      });
    }
    parts.push(cursor.take(length));
    if (flag === WHOLE || flag === LAST) return concatenate(parts);
    cursor.take((4 - (length % 4)) % 4);
  }
}

/** Label and image of a payload: header 'IfQQ', then `flag` more labels that replace the header's where flag > 0. */
function readImageRecord(payload: Uint8Array): ImageRecord {
  if (payload.length < HEADER_BYTES) {
    throw new FormatProblem('truncated', 'The record is too short for an image header.', 'Copy the file again.');
  }
  const cursor = new ByteCursor(payload, 'record');
  const flag = cursor.u32();
  const label = cursor.f32();
  cursor.take(16);
  if (flag * 4 > cursor.remaining) {
    throw new FormatProblem('inconsistent', `The record claims ${flag} labels.`, 'Copy the file again.');
  }
  const labels = flag === 0 ? Float32Array.of(label) : Float32Array.from({ length: flag }, () => cursor.f32());
  return { labels, image: cursor.take(cursor.remaining) };
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const length = parts.reduce((sum, part) => sum + part.length, MAGIC_BYTES.length * (parts.length - 1));
  const whole = new Uint8Array(length);
  let position = 0;
  parts.forEach((part, i) => {
    if (i > 0) {
      whole.set(MAGIC_BYTES, position);
      position += MAGIC_BYTES.length;
    }
    whole.set(part, position);
    position += part.length;
  });
  return whole;
}

function truncatedAt(byte: number, record: number): FormatProblem {
  return new FormatProblem(
    'truncated',
    'The .rec file ends before this record.',
    'Copy the file again, or use the .idx file that belongs to it.',
    { byte, record },
  );
}
