import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { writeNpy } from '../formats/npy.ts';
import { writeNpz } from '../formats/npz.ts';
import { interleaved, namesOf, readEmbeddedPairs } from './embeddings-file.ts';

// Two pairs in two dimensions: the first alike, the second at a right angle.
const original = { type: 'float32', shape: [4, 2], data: Float32Array.of(1, 0, 2, 0, 1, 0, 0, 1) } as const;
const issame = { type: 'bool', shape: [2], data: Uint8Array.of(1, 0) } as const;

/** A file whose array `name` has elements of any of numpy's types. */
function npz(name: string, description: string, data: Uint8Array, shape: readonly number[] = [2]) {
  const header = `{'descr': '${description}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  const front = Uint8Array.of(0x93, ...strToU8('NUMPY'), 1, 0, header.length, 0, ...strToU8(header));
  const files = { 'original.npy': writeNpy(original), 'issame.npy': writeNpy(issame) };
  return zipSync({ ...files, [`${name}.npy`]: Uint8Array.of(...front, ...data) });
}

describe('embeddings from anywhere', () => {
  test('become distances of pairs', () => {
    const identities = { type: 'int64', shape: [4], data: BigInt64Array.of(5n, 5n, 5n, 7n) } as const;
    const found = readEmbeddedPairs(writeNpz({ original, flipped: original, issame, identities }));
    expect([...found.distances]).toEqual([0, 2]);
    expect([...found.same]).toEqual([1, 0]);
    expect(found).toMatchObject({ dimension: 2, meanNorm: 1.25 });
    expect([...(found.identities?.left ?? [])]).toEqual([5, 5]);
    expect([...(found.identities?.right ?? [])]).toEqual([5, 7]);
  });

  test('with same and different pairs in turn keep their answers and people', () => {
    const rows = Float32Array.of(1, 0, 1, 0, 1, 0, 2, 0, 1, 0, 0, 1, 1, 0, 0, 3);
    const identities = { type: 'int32', shape: [8], data: Int32Array.of(1, 1, 2, 2, 3, 4, 5, 6) } as const;
    const found = interleaved(
      readEmbeddedPairs(
        writeNpz({
          original: { type: 'float32', shape: [8, 2], data: rows },
          issame: { type: 'bool', shape: [4], data: Uint8Array.of(1, 1, 0, 0) },
          identities,
        }),
      ),
    );
    expect([...found.same]).toEqual([1, 0, 1, 0]);
    expect([...found.distances]).toEqual([0, 2, 0, 2]);
    expect([found.identities?.left, found.identities?.right].map((side) => [...(side ?? [])])).toEqual([
      [1, 3, 2, 5],
      [1, 4, 2, 6],
    ]);
  });

  test.each([
    ['an array is missing', { flipped: original, issame }, '"original"'],
    ['shapes differ', { original, flipped: { ...original, shape: [2, 4] }, issame }, '[2, 4]'],
    [
      'an answer is neither yes nor no',
      { original, flipped: original, issame: { type: 'int32', shape: [2], data: Int32Array.of(1, -1) } },
      'of pair 2 it holds -1',
    ],
    [
      'a row has no pair',
      { original: { ...original, shape: [3, 2], data: original.data.slice(0, 6) }, issame },
      '3 rows',
    ],
    ['answers are missing', { original, flipped: original }, '"issame"'],
    [
      'answers do not fit',
      { original, flipped: original, issame: { ...issame, shape: [1], data: Uint8Array.of(1) } },
      '2 pairs',
    ],
  ] as const)('%s: said in a sentence', (_, arrays, text) => {
    expect(() => readEmbeddedPairs(writeNpz(arrays))).toThrow(text);
  });

  test.each([
    ['|i1', 1],
    ['<i2', 2],
    ['>u2', 2],
    ['<u4', 4],
  ])('have answers of %s', (description, bytes) => {
    const data = new Uint8Array(2 * bytes);
    data[description.startsWith('>') ? bytes - 1 : 0] = 1;
    const found = readEmbeddedPairs(npz('issame', description, data));
    expect([...found.same]).toEqual([1, 0]);
  });

  test.each([
    ['issame', '<U5', `"issame" holds elements of numpy's type "<U5", which are not read; save whole numbers: 1 for`],
    ['issame', '|O', `"issame" holds elements of numpy's type "|O", which are not read`],
    ['original', '|i1', `"original" holds elements of numpy's type "|i1"; embeddings are read as float32`],
  ])('%s of type %s: said in a sentence', (name, description, sentence) => {
    const file = npz(name, description, new Uint8Array(40), name === 'issame' ? [2] : [4, 10]);
    expect(() => readEmbeddedPairs(file)).toThrow(sentence);
  });

  test.each([
    ['\x89HDF\r\n', 'This is an HDF5 file, and embeddings are read from a .npz file. Load it with h5py'],
    ['MATLAB 5.0', 'This is a MATLAB file'],
    ['\x80\x04\x95', 'This is a pickle'],
    ['\x08\0\0\0\0\0\0\0{"a":{}}', 'This is a safetensors file'],
    ['0.1,0.2\n', 'This is a text'],
  ])('in another kind of file are refused: %j', (text, sentence) => {
    expect(() => readEmbeddedPairs(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))).toThrow(sentence);
  });

  test.each([
    ['InsightFace', { embs: original, embs_f: original, issame_list: issame }, '"embs" and "embs_f"'],
    ['one view', { original, issame }, 'one view of each image'],
    [
      'both sides apart',
      {
        embeddings1: { type: 'float32', shape: [2, 2], data: Float32Array.of(1, 0, 1, 0) },
        embeddings2: { type: 'float32', shape: [2, 2], data: Float32Array.of(2, 0, 0, 1) },
        actual_issame: issame,
      },
      'one view of each side',
    ],
  ] as const)('are read by the names of %s', (_, arrays, read) => {
    const found = readEmbeddedPairs(writeNpz(arrays));
    expect([...found.distances]).toEqual([0, 2]);
    expect(found.read).toContain(read);
  });

  test.each([
    ['NaN', Number.NaN, 3, /embedding of image 2 \(pair 1, right\) is not finite: it holds NaN/],
    ['infinite', Number.POSITIVE_INFINITY, 4, /embedding of image 3 \(pair 2, left\) is not finite/],
  ])('that are %s are refused with the image named', (_, value, at, sentence) => {
    const data = original.data.map((number, i) => (i === at ? value : number));
    const broken = { ...original, data };
    expect(() => readEmbeddedPairs(writeNpz({ original: broken, flipped: original, issame }))).toThrow(sentence);
    const mirror = () => readEmbeddedPairs(writeNpz({ original, flipped: broken, issame }));
    expect(mirror).toThrow(/embedding of the mirror image of image/);
  });

  test('that are all zero are refused', () => {
    const zeros = { ...original, data: new Float32Array(8) };
    expect(() => readEmbeddedPairs(writeNpz({ original: zeros, flipped: zeros, issame }))).toThrow(
      /all 4 images are zero/,
    );
  });
});

const cases = process.env.FIELD_CASES_DIR ?? '';
describe.skipIf(cases === '')(
  `embeddings of the field${cases === '' ? ' (skipped: FIELD_CASES_DIR is not set)' : ''}`,
  () => {
    test.each(['insightface-names.npz', 'one-view.npz', 'two-sides.npz'])('72: %s is read', (name) => {
      const { same, dimension } = readEmbeddedPairs(readFileSync(join(cases, '72-embeddings', name)));
      expect([same.length, dimension]).toEqual([20, 8]);
    });

    test.each(['plain.npy', 'nan.npz'])('72: %s is refused', (name) => {
      expect(() => readEmbeddedPairs(readFileSync(join(cases, '72-embeddings', name)))).toThrow(
        /single array|image 4 \(pair 2/,
      );
    });

    test.each([
      ['all-nan.npz', /image 1 \(pair 1, left\) is not finite/],
      ['half-nan.npz', /image 1 \(pair 1, left\) is not finite/],
      ['one-nan.npz', /image 7 \(pair 4, left\) is not finite: it holds NaN/],
      ['one-inf.npz', /image 4 \(pair 2, right\) is not finite: it holds Infinity/],
      ['all-zero.npz', /all 40 images are zero/],
    ])('73: %s is refused with the image named', (name, sentence) => {
      expect(() => readEmbeddedPairs(readFileSync(join(cases, '73-embeddings-nan', name)))).toThrow(sentence);
    });
  },
);

test('two files of one name are told apart by their paths', () => {
  expect(namesOf('runs/a/emb.npz', 'runs/b/other.npz')).toEqual(['emb.npz', 'other.npz']);
  expect(namesOf('runs/a/emb.npz', 'runs/b/emb.npz')).toEqual(['runs/a/emb.npz', 'runs/b/emb.npz']);
});
