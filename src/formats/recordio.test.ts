import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRecordIndex } from './record-index.ts';
import { joinParts, openRecords, type ReadSlice } from './recordio.ts';
import { bytesOf, u32 } from './testing/pickles.ts';
import { imagePayload, record, recordFile } from './testing/records.ts';

const MAGIC = u32(0xced7230a);

/** Reads slices of bytes and counts them. */
function sliced(bytes: Uint8Array): { readonly read: ReadSlice; readonly asked: () => number } {
  let asked = 0;
  return {
    read: async (offset, length) => {
      asked += length;
      return bytes.slice(offset, offset + length);
    },
    asked: () => asked,
  };
}

const open = (rec: Uint8Array, idx: Uint8Array) => openRecords(sliced(rec).read, rec.length, readRecordIndex(idx));

describe('records in parts', () => {
  test('any payload comes back, magic numbers inside included', () => {
    const piece = fc.oneof(fc.uint8Array({ maxLength: 9 }), fc.constant(MAGIC), fc.constant(bytesOf(MAGIC, MAGIC)));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.uint8Array({ maxLength: 20 }), (pieces, after) => {
        const payload = bytesOf(...pieces);
        expect([...joinParts(bytesOf(record(payload), after))]).toEqual([...payload]);
      }),
      { numRuns: 300 },
    );
  });

  test('a record that starts in the middle, or continues after its end, is refused', () => {
    const part = (flag: number) => bytesOf(MAGIC, u32(((flag << 29) | 4) >>> 0), u32(0));
    expect(() => joinParts(part(2))).toThrow(expect.objectContaining({ code: 'wrong-format' }));
    expect(() => joinParts(bytesOf(part(1), part(0)))).toThrow(expect.objectContaining({ code: 'wrong-format' }));
    expect(() => joinParts(part(5))).toThrow(expect.objectContaining({ code: 'wrong-format' }));
    expect(() => joinParts(part(1))).toThrow(expect.objectContaining({ code: 'truncated', place: { byte: 12 } }));
  });
});

const image = (value: number) => Uint8Array.from({ length: 50 + value }, () => value);

/** InsightFace's layout: a header, four images of two people, one range record a person. */
const INSIGHTFACE = [
  { key: 0, payload: imagePayload([5, 7], new Uint8Array(0)) },
  ...[1, 2, 3, 4].map((key) => ({ key, payload: imagePayload([Math.floor((key - 1) / 2), 1], image(key), key) })),
  { key: 5, payload: imagePayload([1, 3], new Uint8Array(0)) },
  { key: 6, payload: imagePayload([3, 5], new Uint8Array(0)) },
];

describe('layouts', () => {
  test("InsightFace's header distinguishes images from ranges", async () => {
    const { rec, idx } = recordFile(INSIGHTFACE);
    const file = await open(rec, idx);
    expect(file).toMatchObject({ layout: 'insightface', identities: 2 });
    expect([...file.imageKeys]).toEqual([1, 2, 3, 4]);
    const third = await file.read(3);
    expect([...third.labels]).toEqual([1, 1]);
    expect(third.image).toEqual(image(3));
  });

  test('without a header every key is an image, key 0 or not', async () => {
    const images = [0, 1, 2].map((key) => ({ key, payload: imagePayload([key % 2], image(key)) }));
    const whole = await open(recordFile(images).rec, recordFile(images).idx);
    expect(whole).toMatchObject({ layout: 'im2rec', identities: undefined });
    expect([...whole.imageKeys]).toEqual([0, 1, 2]);
    const rest = recordFile(images.slice(1));
    const file = await open(rest.rec, rest.idx);
    expect([...file.imageKeys]).toEqual([1, 2]);
    expect([...(await file.read(1)).labels]).toEqual([1]);
  });

  test('the index may list the records in any order', async () => {
    const { rec, idx } = recordFile(INSIGHTFACE, () => [6, 2, 0, 5, 1, 4, 3]);
    const file = await open(rec, idx);
    for (const key of file.imageKeys) expect((await file.read(key)).image).toEqual(image(key));
    expect([...file.imageKeys].sort()).toEqual([1, 2, 3, 4]);
  });

  test('of several lines with one key the last one counts, and a key without a line has no record', () => {
    const index = readRecordIndex(bytesOf('7\t10\n3\t20\n7\t30\n'));
    expect([3, 7, 0, 5, 8].map((key) => index.offsetOf(key))).toEqual([20, 30, undefined, undefined, undefined]);
    expect([10, 20, 30].map((offset) => index.endOf(offset))).toEqual([20, 30, undefined]);
  });

  test('labels are read without the image, also where a record is in parts', async () => {
    // The second id of the header holds the magic number, so that the first part ends within the header.
    const payload = imagePayload([3, 1], image(200));
    payload.set(MAGIC, 16);
    const records = [
      { key: 0, payload: imagePayload([7], image(200)) },
      { key: 1, payload },
      { key: 2, payload: imagePayload([8, 9, 10, 11, 12], image(1)) },
    ];
    const { rec, idx } = recordFile(records);
    const source = sliced(rec);
    const file = await openRecords(source.read, rec.length, readRecordIndex(idx));
    const before = source.asked();
    expect([...(await file.labels(0))]).toEqual([7]);
    expect(source.asked() - before).toBeLessThan(60);
    expect([...(await file.labels(1))]).toEqual([3, 1]);
    expect([...(await file.labels(2))]).toEqual([8, 9, 10, 11, 12]);
    expect(file.bytesOf(0) + file.bytesOf(1) + file.bytesOf(2)).toBe(rec.length);
  });

  test('only the records asked for are read', async () => {
    const { rec, idx } = recordFile(INSIGHTFACE);
    const source = sliced(rec);
    const file = await openRecords(source.read, rec.length, readRecordIndex(idx));
    await file.read(2);
    expect(source.asked()).toBeLessThan(rec.length / 2);
  });
});

describe('damage is named with record and byte', () => {
  const { rec, idx } = recordFile(INSIGHTFACE);

  test('a file cut short is refused on opening, one cut in its last record when that is read', async () => {
    await expect(open(rec.subarray(0, 300), idx)).rejects.toMatchObject({
      code: 'truncated',
      message: expect.stringMatching(/^The \.rec file ends at byte 300, but its index names a record .* byte \d+\.$/),
    });
    const cut = await open(rec.subarray(0, rec.length - 6), idx);
    await expect(cut.read(6)).rejects.toMatchObject({ code: 'truncated', place: { record: 6 } });
    expect((await cut.read(4)).image).toEqual(image(4));
  });

  test('an index of another file', async () => {
    const file = await open(rec, bytesOf('1\t0\n2\t8\n'));
    await expect(file.read(2)).rejects.toMatchObject({ code: 'wrong-format', place: { byte: 8, record: 2 } });
    await expect(file.read(9)).rejects.toMatchObject({ code: 'inconsistent', place: { record: 9 } });
  });

  test('an index that leaves gigabytes to one record is not believed', async () => {
    const size = 40 * 2 ** 30;
    const read: ReadSlice = async (offset, length) => {
      if (length > 2 ** 27) throw new Error('read too much');
      return rec.slice(offset, offset + length);
    };
    await expect(openRecords(read, size, readRecordIndex(bytesOf('0\t0\n')))).rejects.toMatchObject({
      code: 'inconsistent',
      place: { byte: 0, record: 0 },
    });
  });

  test('a header that leaves no images, and labels beyond the record', async () => {
    const empty = recordFile([{ key: 0, payload: imagePayload([1, 1], new Uint8Array(0)) }]);
    await expect(open(empty.rec, empty.idx)).rejects.toMatchObject({ code: 'inconsistent' });
    const boundless = imagePayload([5, 3e30], new Uint8Array(0));
    const claims = recordFile([{ key: 0, payload: boundless }, ...INSIGHTFACE.slice(1)]);
    await expect(open(claims.rec, claims.idx)).rejects.toMatchObject({ code: 'inconsistent', place: { record: 0 } });
    const payload = imagePayload([1, 2], image(1));
    payload.set(u32(0x7fffffff));
    const lying = recordFile([{ key: 0, payload }]);
    await expect(open(lying.rec, lying.idx)).rejects.toMatchObject({ code: 'inconsistent', place: { record: 0 } });
    await expect(openRecords(sliced(rec).read, 0, readRecordIndex(idx))).rejects.toMatchObject({ code: 'empty-file' });
  });

  test.each(['', '\n\n', 'abc', '1 2 3\n', '1\t\n', '-1\t5\n', '1\t99999999999999999\n', '1\t2\n3'])(
    'index %j',
    (text) => {
      expect(() => readRecordIndex(bytesOf(text))).toThrow(expect.objectContaining({ name: 'FormatProblem' }));
    },
  );

  test('an index with Windows line ends is read', () => {
    const index = readRecordIndex(bytesOf('7\t80\r\n9\t40\r\n'));
    expect(index.offsetOf(7)).toBe(80);
    expect(index.endOf(40)).toBe(80);
    expect(index.endOf(80)).toBeUndefined();
    expect(index.offsetOf(8)).toBeUndefined();
  });
});

const faces = process.env.REAL_FACES_DIR;

describe.skipIf(faces === undefined)(
  `real files${faces === undefined ? ' (skipped: REAL_FACES_DIR is not set)' : ''}`,
  () => {
    const openReal = (name: string) => {
      const folder = join(faces ?? '', 'recordio', name);
      return open(
        new Uint8Array(readFileSync(join(folder, 'train.rec'))),
        new Uint8Array(readFileSync(join(folder, 'train.idx'))),
      );
    };

    test('im2rec: eight images with the labels of the list beside it', async () => {
      const file = await openReal('webface_sample_112');
      expect(file.layout).toBe('im2rec');
      const list = readFileSync(join(faces ?? '', 'recordio/webface_sample_112/train.lst'), 'utf8')
        .trim()
        .split('\n');
      expect(file.imageKeys).toHaveLength(8);
      for (const line of list) {
        const [key, label] = line.split('\t').map(Number);
        const found = await file.read(key ?? -1);
        expect([...found.labels]).toEqual([label]);
        expect([...found.image.subarray(0, 2)]).toEqual([0xff, 0xd8]);
      }
    });

    test("InsightFace's layout: 140 images of 10 people", async () => {
      const file = await openReal('cfp10_insightface_layout');
      expect(file).toMatchObject({ layout: 'insightface', identities: 10 });
      expect(file.imageKeys).toHaveLength(140);
      const labels = new Map<number, number>();
      for (const key of file.imageKeys) {
        const found = await file.read(key);
        expect([...found.image.subarray(0, 2)]).toEqual([0xff, 0xd8]);
        const label = found.labels[0] ?? -1;
        labels.set(label, (labels.get(label) ?? 0) + 1);
      }
      expect([...labels.values()]).toEqual(Array(10).fill(14));
    });
  },
);
