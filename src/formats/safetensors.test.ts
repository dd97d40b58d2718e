import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { floatsOf } from './element-types.ts';
import { type FloatTensor, readSafetensors, writeSafetensors } from './safetensors.ts';
import { elementCount } from './shape.ts';
import { bytesOf, u32 } from './testing/pickles.ts';

const tensors: fc.Arbitrary<FloatTensor> = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
  const count = elementCount(shape);
  return fc
    .float32Array({ minLength: count, maxLength: count })
    .map((data) => ({ shape, data: new Float32Array(data) }));
});

test('tensors and metadata come back, and the data start at a multiple of 8', () => {
  const names = fc.string({ maxLength: 12 }).filter((name) => name !== '__metadata__' && name !== '__proto__');
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(names, tensors), { selector: ([name]) => name, maxLength: 5 }),
      names,
      (entries, text) => {
        const file = writeSafetensors(new Map(entries), { note: text });
        expect(new DataView(file.buffer).getUint32(0, true) % 8).toBe(0);
        const found = readSafetensors(file);
        expect(found.metadata.get('note')).toBe(text);
        expect(found.tensors.size).toBe(entries.length);
        for (const [name, { shape, data }] of entries) {
          const tensor = found.tensors.get(name);
          expect(tensor).toMatchObject({ type: 'F32', shape });
          expect(tensor && floatsOf(tensor)).toEqual(data);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('half precision, bfloat16 and double become float32', () => {
  const header = JSON.stringify({
    half: { dtype: 'F16', shape: [4], data_offsets: [0, 8] },
    brain: { dtype: 'BF16', shape: [2], data_offsets: [8, 12] },
    whole: { dtype: 'I32', shape: [1], data_offsets: [12, 16] },
    double: { dtype: 'F64', shape: [1], data_offsets: [16, 24] },
  });
  const data = new Uint8Array(24);
  const view = new DataView(data.buffer);
  [0x3c00, 0xc000, 0x0001, 0x7c00, 0x3f80, 0xc040].forEach((bits, i) => {
    view.setUint16(2 * i, bits, true);
  });
  view.setFloat64(16, 0.1, true);
  const { tensors } = readSafetensors(file(header, data));
  const floats = (name: string) => {
    const tensor = tensors.get(name);
    return tensor && floatsOf(tensor);
  };
  expect(floats('half')).toEqual(Float32Array.of(1, -2, 2 ** -24, Number.POSITIVE_INFINITY));
  expect(floats('brain')).toEqual(Float32Array.of(1, -3));
  expect(floats('double')).toEqual(Float32Array.of(0.1));
  expect(floats('whole')).toBeUndefined();
});

function file(header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  return bytesOf(u32(header.length), u32(0), header, data);
}

const entry = (shape: number[], start: number, end: number, dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [start, end],
});

describe('a header that lies is refused', () => {
  test.each([
    ['an empty file', new Uint8Array(0), 'empty-file'],
    ['seven bytes', new Uint8Array(7), 'truncated'],
    ['another file', bytesOf('\x7fELF0123456789'), 'wrong-format'],
    ['a header longer than the file', bytesOf(u32(1000), u32(0), '{}'), 'truncated'],
    ['a header of 2^63 bytes', bytesOf(u32(0), u32(0x80000000), '{}'), 'wrong-format'],
    ['no JSON', file('{"a":'), 'inconsistent'],
    ['numbers for names', file('{"a":1}'), 'inconsistent'],
    [
      'overlapping tensors',
      file(JSON.stringify({ a: entry([2], 0, 8), b: entry([2], 4, 12) }), new Uint8Array(12)),
      'inconsistent',
    ],
    [
      'two tensors in one place',
      file(JSON.stringify({ a: entry([2], 0, 8), b: entry([2], 0, 8) }), new Uint8Array(8)),
      'inconsistent',
    ],
    ['a hole', file(JSON.stringify({ a: entry([1], 0, 4), b: entry([1], 8, 12) }), new Uint8Array(12)), 'inconsistent'],
    ['bytes of no tensor', file(JSON.stringify({ a: entry([1], 0, 4) }), new Uint8Array(8)), 'inconsistent'],
    ['offsets beyond the file', file(JSON.stringify({ a: entry([1000], 0, 4000) }), new Uint8Array(8)), 'truncated'],
    ['offsets backwards', file(JSON.stringify({ a: entry([1], 4, 0) }), new Uint8Array(4)), 'inconsistent'],
    ['negative offsets', file(JSON.stringify({ a: entry([1], -4, 0) })), 'inconsistent'],
    ['a shape of other size', file(JSON.stringify({ a: entry([3], 0, 4) }), new Uint8Array(4)), 'inconsistent'],
    [
      'a shape beyond numbers',
      file(JSON.stringify({ a: entry([2 ** 40, 2 ** 40], 0, 4) }), new Uint8Array(4)),
      'inconsistent',
    ],
    ['metadata that are a list', file('{"__metadata__":[1]}'), 'inconsistent'],
  ])('%s', (_, bytes, code) => {
    expect(() => readSafetensors(bytes)).toThrow(expect.objectContaining({ code }));
  });
});

test('a type to come and metadata that are no texts concern nothing else', () => {
  const header = { __metadata__: { epoch: 3, by: 'me' }, a: entry([3], 0, 5, 'F12'), b: entry([1], 5, 9) };
  const { tensors, metadata } = readSafetensors(file(JSON.stringify(header), new Uint8Array(9)));
  expect([...metadata]).toEqual([
    ['epoch', '3'],
    ['by', 'me'],
  ]);
  expect([...tensors].map(([name, tensor]) => [name, tensor.type, floatsOf(tensor)])).toEqual([
    ['a', undefined, undefined],
    ['b', 'F32', Float32Array.of(0)],
  ]);
});

test('a tensor whose data do not have its shape is not written', () => {
  expect(() => writeSafetensors(new Map([['a', { shape: [3], data: new Float32Array(2) }]]))).toThrow(RangeError);
});
