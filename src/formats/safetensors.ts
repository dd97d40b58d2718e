import { z } from 'zod';
import { Budget, OBJECT_BYTES } from './budget.ts';
import { byteCount, ELEMENT_BITS, type ElementType, type RawTensor } from './element-types.ts';
import { readJson } from './json.ts';
import { FormatProblem } from './problem.ts';
import { elementCount } from './shape.ts';

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, RawTensor>;
  /** The file's `__metadata__`; values that are no text, as some writers have them, are given as JSON. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** A float32 tensor to write, in C order. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The official reader refuses longer headers, too. */
const LARGEST_HEADER = 100_000_000;

/** An entry of the header as it is parsed, checked and kept. */
const ENTRY_COST = 5 * OBJECT_BYTES;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const metadataSchema = z.record(z.string(), z.unknown());

/**
 * Reads a .safetensors file (huggingface/safetensors README): u64 header length, JSON, data. The header is
 * checked against the file before anything is used: tensors lie inside the data, as long as shape and type say, and
 * cover it without a hole or an overlap.
 * @throws FormatProblem
 */
export function readSafetensors(bytes: Uint8Array, budget = new Budget(bytes.length)): SafetensorsFile {
  if (bytes.length === 0) throw new FormatProblem('empty-file', 'The file is empty.', 'Copy it again.');
  if (bytes.length < 8)
    throw new FormatProblem('truncated', 'The file ends in its header.', 'Copy it again.', { byte: bytes.length });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > LARGEST_HEADER || bytes[8] !== 0x7b) {
    throw new FormatProblem('wrong-format', 'This is no .safetensors file.', 'Choose a .safetensors file.', {
      byte: 0,
    });
  }
  const dataStart = 8 + headerLength;
  if (dataStart > bytes.length) {
    throw new FormatProblem('truncated', `The header claims ${headerLength} bytes.`, 'Copy the file again.', {
      byte: bytes.length,
    });
  }
  const data = bytes.subarray(dataStart);
  const tensors = new Map<string, RawTensor>();
  let metadata = new Map<string, string>();
  const places: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  for (const [name, value] of headerEntries(bytes.subarray(8, dataStart), budget)) {
    if (name === '__metadata__') {
      const parsed = metadataSchema.safeParse(value);
      if (!parsed.success) throw damaged('The metadata are no object');
      metadata = new Map(
        Object.entries(parsed.data).map(([key, entry]) => [
          key,
          typeof entry === 'string' ? entry : JSON.stringify(entry),
        ]),
      );
      continue;
    }
    budget.charge(ENTRY_COST, 'its tensors');
    const { type, shape, start, end } = readEntry(name, value, data.length);
    tensors.set(name, { type, shape, bytes: data.subarray(start, end) });
    places.push({ name, start, end });
  }
  checkCover(places, data.length);
  return { tensors, metadata };
}

/**
 * Writes float32 tensors in the order given. The header is padded with spaces so that the data start at a multiple of
 * 8.
 * @throws RangeError where a tensor's data do not have its shape
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, FloatTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entries = Array.from(tensors, ([name, { shape, data }]): [string, unknown] => {
    if (elementCount(shape) !== data.length)
      throw new RangeError(`${name} has ${data.length} numbers, shape [${shape}].`);
    const start = end;
    end += data.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }];
  });
  const header = Object.keys(metadata).length > 0 ? [['__metadata__', metadata] as const, ...entries] : entries;
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const dataStart = Math.ceil((8 + text.length) / 8) * 8;
  const file = new Uint8Array(dataStart + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(dataStart - 8), true);
  file.fill(0x20, 8, dataStart);
  file.set(text, 8);
  let position = dataStart;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}

function headerEntries(text: Uint8Array, budget: Budget): [string, unknown][] {
  const header = readJson(text, budget);
  if (header === undefined) throw damaged('The header is no JSON');
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw damaged('The header is no object');
  return Object.entries(header);
}

function readEntry(name: string, value: unknown, dataLength: number) {
  const parsed = entrySchema.safeParse(value);
  const shown = name.slice(0, 80);
  if (!parsed.success) throw damaged(`The entry of "${shown}" is not a type, a shape and two offsets`);
  const { dtype, shape, data_offsets } = parsed.data;
  const [start, end] = data_offsets;
  if (end > dataLength) {
    throw new FormatProblem(
      'truncated',
      `"${shown}" should end at byte ${end} of the data, which have ${dataLength}.`,
      'Copy the file again.',
    );
  }
  // A type to come is kept without its numbers: it concerns the one tensor.
  const type = isType(dtype) ? dtype : undefined;
  if (end < start || (type !== undefined && end - start !== byteCount(type, shape))) {
    throw damaged(`"${shown}" has the shape [${shape.slice(0, 8).join(', ')}], but ${end - start} bytes`);
  }
  return { type, shape, start, end };
}

function checkCover(places: readonly { name: string; start: number; end: number }[], dataLength: number): void {
  let covered = 0;
  for (const { name, start, end } of places.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== covered) {
      throw damaged(
        `"${name.slice(0, 80)}" ${start < covered ? 'overlaps another tensor' : 'leaves a hole before it'}`,
      );
    }
    covered = end;
  }
  if (covered !== dataLength) throw damaged(`${dataLength - covered} bytes at the end belong to no tensor`);
}

function isType(name: string): name is ElementType {
  return Object.hasOwn(ELEMENT_BITS, name);
}

function damaged(sentence: string): FormatProblem {
  return new FormatProblem('inconsistent', `${sentence}.`, 'The file is damaged; copy or export it again.', {
    byte: 8,
  });
}
