import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { type NpyArray, readNpy, swapped, writeNpy } from './npy.ts';
import { readNpz, writeNpz } from './npz.ts';
import { elementCount } from './shape.ts';
import { bytesOf } from './testing/pickles.ts';
import { pythonWith } from './testing/python.ts';

const shapes = fc.array(fc.nat(4), { maxLength: 4 });
const arrays: fc.Arbitrary<NpyArray> = shapes.chain((shape) => {
  const count = elementCount(shape);
  const exactly = { minLength: count, maxLength: count };
  return fc.oneof(
    fc.float32Array(exactly).map((data) => ({ type: 'float32' as const, shape, data: new Float32Array(data) })),
    fc.float64Array(exactly).map((data) => ({ type: 'float64' as const, shape, data: new Float64Array(data) })),
    fc.uint8Array({ ...exactly, max: 1 }).map((data) => ({ type: 'bool' as const, shape, data: new Uint8Array(data) })),
    fc.uint8Array(exactly).map((data) => ({ type: 'uint8' as const, shape, data: new Uint8Array(data) })),
    fc.int32Array(exactly).map((data) => ({ type: 'int32' as const, shape, data: new Int32Array(data) })),
    fc.bigInt64Array(exactly).map((data) => ({ type: 'int64' as const, shape, data: new BigInt64Array(data) })),
  );
});

test('a written array is read back', () => {
  fc.assert(
    fc.property(arrays, (array) => {
      const file = writeNpy(array);
      expect(readNpy(file)).toEqual(array);
      expect((10 + (file[8] ?? 0) + 256 * (file[9] ?? 0)) % 64).toBe(0);
      expect(readNpz(writeNpz({ one: array, two: array })).arrays).toEqual(
        new Map([
          ['one', array],
          ['two', array],
        ]),
      );
    }),
    { numRuns: 200 },
  );
});

/** A .npy file with this header. */
const withHeader = (header: string, data: Uint8Array = new Uint8Array(0)) =>
  bytesOf(0x93, 'NUMPY', 1, 0, header.length, 0, header, data);

describe('bad files', () => {
  test.each([
    ['empty', new Uint8Array(0), 'empty-file'],
    ['another file', bytesOf('PK'), 'wrong-format'],
    ['half a header', bytesOf(0x93, 'NUMPY', 1, 0, 200, 0, '{'), 'truncated'],
    ['objects', withHeader("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"), 'unsupported'],
    ['records', withHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"), 'unsupported'],
    ['complex numbers', withHeader("{'descr': '<c8', 'fortran_order': False, 'shape': (0,), }"), 'unsupported'],
    ['texts', withHeader("{'descr': '<U1', 'fortran_order': False, 'shape': (0,), }"), 'unsupported'],
    [
      'data missing',
      withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", bytesOf('1234')),
      'truncated',
    ],
    [
      'data left over',
      withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", bytesOf('12345')),
      'inconsistent',
    ],
    [
      'a huge shape',
      withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999, 9999999), }"),
      'truncated',
    ],
    [
      'a shape beyond numbers',
      withHeader(`{'descr': '<f4', 'fortran_order': False, 'shape': (${'9'.repeat(30)},), }`),
      'inconsistent',
    ],
  ])('%s', (_, bytes, code) => {
    expect(() => readNpy(bytes)).toThrow(expect.objectContaining({ code }));
  });

  test('a zip whose entry claims to be larger than deflate can make it', () => {
    const zip = zipSync({ 'a.npy': new Uint8Array(5000) });
    // The central directory holds the claimed size 24 bytes behind its mark "PK\x01\x02".
    const at = zip.findIndex((byte, i) => byte === 0x50 && zip[i + 1] === 0x4b && zip[i + 2] === 1 && zip[i + 3] === 2);
    zip.set([0xff, 0xff, 0xff, 0x7f], at + 24);
    expect(() => readNpz(zip)).toThrow(expect.objectContaining({ code: 'inconsistent' }));
    expect(() => readNpz(bytesOf('PK'))).toThrow(expect.objectContaining({ code: 'wrong-format' }));
  });
});

test('half precision and the highest byte first are read; arrays that are no numbers are listed apart', () => {
  const half = withHeader("{'descr': '<f2', 'fortran_order': False, 'shape': (3,), }", bytesOf(0, 0x3c, 0, 0xc0, 1, 0));
  expect(readNpy(half)).toEqual({ type: 'float32', shape: [3], data: Float32Array.of(1, -2, 2 ** -24) });
  const turned = withHeader(
    "{'descr': '>i4', 'fortran_order': True, 'shape': (2, 2), }",
    bytesOf(0, 0, 0, 1, 0, 0, 1, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2),
  );
  expect(readNpy(turned)).toEqual({ type: 'int32', shape: [2, 2], data: Int32Array.of(1, -1, 256, 2) });
  const text = withHeader("{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }", bytesOf('a', 0, 0, 0));
  const { arrays, others } = readNpz(zipSync({ 'half.npy': half, 'names.npy': text }));
  expect([[...arrays.keys()], [...others.keys()]]).toEqual([['half'], ['names']]);
});

test('elements that claim no size are left as they are', () => {
  expect(swapped(Uint8Array.of(1, 2), 0)).toEqual(Uint8Array.of(1, 2));
  expect(swapped(Uint8Array.of(1, 2), 2)).toEqual(Uint8Array.of(2, 1));
});

test('a zip that claims more files than its directory can list', () => {
  const zip = writeNpz({ a: { type: 'uint8', shape: [2], data: Uint8Array.of(1, 2) } });
  // The end of the directory, 22 bytes long, holds the number of entries at 10.
  zip.set([0xfe, 0xff], zip.length - 22 + 10);
  zip.set([0xfe, 0xff], zip.length - 22 + 8);
  expect(() => readNpz(zip)).toThrow(expect.objectContaining({ code: 'wrong-format' }));
});

const WRITE = `
import io, sys
import numpy as np
file = io.BytesIO()
SAVE(file, a=np.arange(6, dtype=np.float32).reshape(2, 3), b=np.asfortranarray(np.arange(24, dtype=np.int32).reshape(2, 3, 4)),
     c=np.array([True, False]), d=np.int64(-7))
sys.stdout.buffer.write(file.getvalue())
`;
const CHECK = `
import io, sys
import numpy as np
arrays = np.load(io.BytesIO(sys.stdin.buffer.read()))
assert arrays['a'].tolist() == [[0, 1, 2], [3, 4, 5]] and arrays['a'].dtype == np.float32
assert arrays['b'].tolist() == np.arange(24).reshape(2, 3, 4).tolist() and arrays['b'].dtype == np.int32
assert arrays['c'].tolist() == [True, False] and arrays['c'].dtype == bool
assert arrays['d'].shape == () and arrays['d'] == -7
`;

const python = pythonWith('numpy');

describe.skipIf(python.command === undefined)(`numpy reads ours, we read numpy's${python.skipped}`, () => {
  test.each(['np.savez', 'np.savez_compressed'])('%s', (save) => {
    const { arrays: found } = readNpz(python.run(['-c', WRITE.replace('SAVE', save)]));
    expect(found.get('a')).toEqual({ type: 'float32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) });
    expect(found.get('b')).toEqual({
      type: 'int32',
      shape: [2, 3, 4],
      data: Int32Array.from({ length: 24 }, (_, i) => i),
    });
    expect(found.get('c')).toEqual({ type: 'bool', shape: [2], data: Uint8Array.of(1, 0) });
    expect(found.get('d')).toEqual({ type: 'int64', shape: [], data: BigInt64Array.of(-7n) });
    python.run(['-c', CHECK], { input: writeNpz(Object.fromEntries(found)) });
  });
});
