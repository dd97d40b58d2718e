import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readPairsBin } from './pairs-bin.ts';
import { looksLikePickle } from './pickle.ts';
import { bytesOf, python2PairsBin, u32 } from './testing/pickles.ts';
import { pythonWith, textFrom } from './testing/python.ts';

const IMAGES = [1, 2, 3, 4].map((value) => Uint8Array.from({ length: 100 * value }, (_, i) => (i * value) % 256));

describe('as Python 2 writes it', () => {
  test('images and answers come back', () => {
    const file = python2PairsBin(IMAGES, [true, false]);
    expect(looksLikePickle(file)).toBe(true);
    const { images, same } = readPairsBin(file);
    expect(images).toEqual(IMAGES);
    expect([...same]).toEqual([1, 0]);
    // Views of the file: a set of thousands of images is not copied.
    expect(images[0]?.buffer).toBe(file.buffer);
  });

  test.each([
    ['odd numbers of images', python2PairsBin(IMAGES.slice(0, 3), [true]), 'inconsistent'],
    ['answers missing', python2PairsBin(IMAGES, [true]), 'inconsistent'],
    ['answers without images', python2PairsBin([], [true, true]), 'inconsistent'],
    ['another pickle', bytesOf(0x80, 2, ']', '.'), 'wrong-format'],
    ['texts for images', bytesOf(0x80, 2, '](X', u32(1), 'aX', u32(1), 'be](', 0x88, 'e', 0x86, '.'), 'wrong-format'],
    ['a number for an answer', bytesOf(0x80, 2, '](U', 1, 'aU', 1, 'be](K', 7, 'e', 0x86, '.'), 'wrong-format'],
    ['an empty file', new Uint8Array(0), 'empty-file'],
    ['half a file', python2PairsBin(IMAGES, [true, false]).subarray(0, 500), 'truncated'],
  ])('%s: refused', (_, bytes, code) => {
    expect(() => readPairsBin(bytes)).toThrow(expect.objectContaining({ code }));
  });
});

/** Every kind at every protocol, in one JSON object of base64 texts: one start of Python for all. */
const WRITE = `
import base64, json, pickle
import numpy as np
images = [bytes((i * v) % 256 for i in range(100 * v)) for v in (1, 2, 3, 4)]
arrays = [np.frombuffer(image, dtype=np.uint8) for image in images]
same = [True, False]
kinds = {
  'bytes': (images, same),
  'arrays': (arrays, same),
  'writable': ([array.copy() for array in arrays], same),
  'columns': ([array.copy()[:, None] for array in arrays], same),
  'scalars': (images, [np.bool_(True), np.bool_(False)]),
  'array': (images, np.array(same)),
  'numbers': [images, [1, 0]],
  'integers': [images, np.array([1, 0])],
  'tuple': (tuple(images), tuple(same)),
}
files = {}
for kind, value in kinds.items():
  for protocol in (2, 3, 4, 5):
    files[f'{kind} {protocol}'] = pickle.dumps(value, protocol=protocol)
# The names of the other numpy version, too.
old, new = files['columns 3'], files['columns 3'].replace(b'cnumpy.core.', b'cnumpy._core.')
files['numpy 2'] = new if old != new else old.replace(b'cnumpy._core.', b'cnumpy.core.')
print(json.dumps({name: base64.b64encode(data).decode() for name, data in files.items()}))
`;

const python = pythonWith('numpy');

describe.skipIf(python.command === undefined)(`as Python 3 writes it${python.skipped}`, () => {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();

  beforeAll(() => {
    const texts: unknown = JSON.parse(textFrom(python.run(['-c', WRITE])));
    for (const [name, text] of Object.entries(texts ?? {}))
      files.set(name, new Uint8Array(Buffer.from(text, 'base64')));
  });

  test('bytes and numpy arrays, protocols 2 to 5, numpy 1 and 2', () => {
    expect(files.size).toBe(9 * 4 + 1);
    for (const [name, file] of files) {
      const { images, same } = readPairsBin(file);
      expect(
        images.map((image) => [...image]),
        name,
      ).toEqual(IMAGES.map((image) => [...image]));
      expect([...same], name).toEqual([1, 0]);
    }
  });

  test('an array that is longer or shorter than its shape says is refused', () => {
    const file = files.get('columns 3')?.slice() ?? new Uint8Array(0);
    // Shape (200, 1) becomes (201, 1): the first BININT1 200 followed by BININT1 1.
    const at = file.findIndex((byte, i) => byte === 0x4b && file[i + 1] === 200 && file[i + 2] === 0x4b);
    file[at + 1] = 201;
    expect(() => readPairsBin(file)).toThrow(expect.objectContaining({ code: 'inconsistent' }));
  });
});

const faces = process.env.REAL_FACES_DIR;

describe.skipIf(faces === undefined)(
  `real files${faces === undefined ? ' (skipped: REAL_FACES_DIR is not set)' : ''}`,
  () => {
    test.each([
      ['lfw_fold10_py2.bin', 600],
      ['cfp_fp_fold10_py3.bin', 700],
    ])('%s holds %i pairs of JPEGs, half of them same', (name, pairs) => {
      const { images, same } = readPairsBin(readFileSync(join(faces ?? '', 'bin', name)));
      expect(images).toHaveLength(2 * pairs);
      expect(same).toHaveLength(pairs);
      expect(same.reduce((sum, answer) => sum + answer, 0)).toBe(pairs / 2);
      for (const image of images) {
        expect([...image.subarray(0, 2), ...image.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
      }
    });
  },
);

const cases = process.env.FIELD_CASES_DIR;
const withoutCases = cases === undefined ? ' (skipped: FIELD_CASES_DIR is not set)' : '';

describe.skipIf(cases === undefined)(`sets that people pack themselves${withoutCases}`, () => {
  test.each(['bytearray-2.bin', 'bytearray.bin', 'object-array-of-uint8.bin', 'object-array.bin', 'protocol-0.bin'])(
    '%s: 12 pairs of JPEG files',
    (name) => {
      const bytes = new Uint8Array(readFileSync(join(cases ?? '', '50-bin-variants', name)));
      expect(looksLikePickle(bytes)).toBe(true);
      const { images, same } = readPairsBin(bytes);
      expect([images.length, same.length]).toEqual([24, 12]);
      for (const image of images) expect([...image.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
      expect(new Set(same)).toEqual(new Set([0, 1]));
    },
  );
});
