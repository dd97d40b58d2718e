import { strToU8, zipSync } from 'fflate';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { bytesOf, python2PairsBin, u32 } from '../../formats/testing/pickles.ts';
import type { ByteSource } from './byte-source.ts';
import type { ImportFailureCode } from './import-error.ts';
import { foundInWords } from './limits.ts';
import { recogniseFiles } from './recognise.ts';
import { drawings, ijbFolder, pairsBin, trainingSet } from './testing/data-files.ts';
import { droppedFiles, imageBytes } from './testing/dropped-files.ts';

type Contents = Record<string, Uint8Array<ArrayBuffer>>;

const recognising = (contents: Contents, name = 'drop') => recogniseFiles({ name, files: droppedFiles(contents) });
const says = async (contents: Contents, name?: string) =>
  (await recognising(contents, name)).found.map((data) => [data.kind, foundInWords(data)]);

let bin: Uint8Array<ArrayBuffer>;
let jpeg: Uint8Array<ArrayBuffer>;
let training: Contents;
let ijb: Contents;

beforeAll(async () => {
  bin = await pairsBin(5);
  jpeg = await imageBytes('jpeg', 112, 112);
  training = await trainingSet('insightface', 3, 4);
  ijb = await ijbFolder('IJBC', 6);
});

describe('files are recognised by content', () => {
  it('a verification set, which benchmark only by its name', async () => {
    const { found } = await recognising({ 'cfp_fp.bin': bin, agedb_30: bin, 'mine.dat': bin });
    expect(found.map((data) => [foundInWords(data), 'id' in data ? data.id : undefined])).toEqual([
      ['CFP-FP: 5 pairs, 112 × 112', 'cfp-fp'],
      ['AgeDB-30: 5 pairs, 112 × 112', 'agedb-30'],
      ['mine.dat: 5 pairs, 112 × 112', undefined],
    ]);
  });

  it('everything in a folder as InsightFace ships it', async () => {
    const folder = Object.fromEntries(
      Object.entries(training).map(([name, bytes]) => [`faces_webface/${name}`, bytes]),
    );
    const all = { ...folder, 'faces_webface/property': strToU8('3,112,112'), 'faces_webface/lfw.bin': bin };
    expect(await says(all, 'faces_webface')).toEqual([
      ['pairs', 'LFW: 5 pairs, 112 × 112'],
      ['records', 'faces_webface/train.rec: 12 images of 3 people'],
    ]);
  });

  it('IJB-B and IJB-C side by side, and people in folders or in an archive', async () => {
    const other = Object.fromEntries(
      Object.entries(ijb).map(([path, bytes]) => [path.replace(/ijbc/gi, 'IJBB'), bytes]),
    );
    expect(await says({ ...ijb, ...other }, 'IJB_release')).toEqual([
      ['ijb', 'IJB-C: 12 images, 6 templates, 5 pairs'],
      ['ijb', 'IJB-B: 12 images, 6 templates, 5 pairs'],
    ]);
    const people = { 'p/a/1.jpg': jpeg, 'p/a/2.jpg': jpeg, 'p/b/1.jpg': jpeg };
    expect(await says(people, 'p')).toEqual([['people', 'p: 3 images of 2 people']]);
    expect(await says({ 'p.zip': zipSync(people) }, 'p.zip')).toEqual([['people', 'p.zip: 3 images of 2 people']]);
  });

  it('people in folders that differ only in numbers, as a guess', async () => {
    const contents = Object.fromEntries(
      Array.from({ length: 8 }, (_, at) => [`p/${at % 2 ? 'adults' : 'kids'}/${at >> 1}/1.jpg`, jpeg]),
    );
    expect(await says(contents, 'p')).toEqual([
      [
        'people',
        expect.stringMatching(
          /^p: 8 images of 4 people, 2 kinds: adults, kids\. .*nothing but their names says which are people/,
        ),
      ],
    ]);
  });

  it('a fault in one does not hide the others', async () => {
    const { found, problems } = await recognising({ 'lfw.bin': bin, 'calfw.bin': bin.slice(0, 500), 'x.bin': jpeg });
    expect(found.map(foundInWords)).toEqual(['LFW: 5 pairs, 112 × 112']);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(/^calfw\.bin: .*too early/)]);
  });
});

describe('bad input gets a sentence', () => {
  const only = (contents: Contents) => async () => contents;
  it.each<[ImportFailureCode, RegExp, () => Promise<Contents>]>([
    ['file-empty', /^lfw\.bin is empty: it has 0 bytes\./, only({ 'lfw.bin': new Uint8Array(0) })],
    ['file-empty', /^train\.rec is empty/, only({ 'train.rec': new Uint8Array(0) })],
    ['unknown-file', /^These are not pairs: lfw\.bin should hold/, only({ 'lfw.bin': strToU8('hello') })],
    ['unknown-file', /^train\.rec is no MXNet RecordIO/, only({ 'train.rec': strToU8('hello') })],
    [
      'file-truncated',
      /^lfw\.bin: The pickle ends too early\. \(byte [\d\u202f]+\)$/,
      async () => ({ 'lfw.bin': bin.slice(0, -9) }),
    ],
    [
      'file-forbidden',
      /^lfw\.bin: .*os\.system.* \(byte \d+\)$/,
      only({ 'lfw.bin': bytesOf(0x80, 2, 'cos\nsystem\n', 'U', 4, 'echo', 0x85, 'R.') }),
    ],
    [
      'file-inconsistent',
      /^lfw\.bin: There are 3 images, but 1 answers/,
      async () => ({ 'lfw.bin': python2PairsBin([jpeg, jpeg, jpeg], [true]) }),
    ],
    [
      'file-inconsistent',
      /^lfw\.bin: There are 0 images, but 2 answers/,
      only({ 'lfw.bin': python2PairsBin([], [true, false]) }),
    ],
    ['file-empty', /^lfw\.bin holds no pairs\./, only({ 'lfw.bin': python2PairsBin([], []) })],
    [
      'image-undecodable',
      /^2 images of lfw\.bin are no images of a kind that is read: the first is image 2, of pair 1\.$/,
      async () => ({
        'lfw.bin': python2PairsBin([jpeg, jpeg, strToU8('no'), jpeg, jpeg, strToU8('no')], [true, false, true]),
      }),
    ],
    [
      'missing-part',
      /^train\.rec cannot be read without its index/,
      async () => ({ 'train.rec': training['train.rec'] ?? jpeg }),
    ],
    [
      'missing-part',
      /^train\.idx is the index of a \.rec file/,
      async () => ({ 'train.idx': training['train.idx'] ?? jpeg }),
    ],
    [
      'file-truncated',
      /^train\.rec: The \.rec file ends at byte 900, but its index names a record/,
      async () => ({ ...training, 'train.rec': (training['train.rec'] ?? jpeg).slice(0, 900) }),
    ],
    [
      'file-inconsistent',
      /^train\.rec: The record does not end where the index says .* \(record 0, byte 0\)$/,
      async () => ({ ...training, 'train.idx': strToU8('0\t0\n1\t8\n') }),
    ],
    [
      'file-damaged',
      /^train\.rec: There is no record here\. .*\(record 1, byte 8\)$/,
      async () => ({ ...training, 'train.idx': strToU8('1\t8\n') }),
    ],
    [
      'file-damaged',
      /^train\.idx: .*\(record \d+, byte [\d\u202f]+\)$/,
      async () => ({ ...training, 'train.idx': strToU8(`${'0\t0\n'.repeat(200)}x\n`) }),
    ],
    [
      'file-inconsistent',
      /^property says 9 identities, but train\.rec has 3\.$/,
      async () => ({ ...training, property: strToU8('9,112,112') }),
    ],
    [
      'missing-part',
      /^1 of the 12 images that the lists of IJBC name is not there, the first is 3\.jpg\.$/,
      async () => Object.fromEntries(Object.entries(ijb).filter(([path]) => !path.endsWith('/3.jpg'))),
    ],
    [
      'missing-part',
      /^IJBC looks like IJB-B or IJB-C, but its meta folder has no \.\.\._name_5pts_score\.txt\.$/,
      async () => Object.fromEntries(Object.entries(ijb).filter(([path]) => !path.includes('5pts'))),
    ],
    [
      'file-inconsistent',
      /^Pair 1 of IJBC names template 99, to which no image belongs\.$/,
      async () => ({ ...ijb, 'IJBC/meta/ijbc_template_pair_label.txt': strToU8('99 1 0\n') }),
    ],
    [
      'file-inconsistent',
      /^The lists of IJBC do not name the same images: line 12 is 12\.jpg in one and missing in the other\.$/,
      async () => ({
        ...ijb,
        'IJBC/meta/ijbc_name_5pts_score.txt': strToU8(
          new TextDecoder().decode(ijb['IJBC/meta/ijbc_name_5pts_score.txt']).replace(/12\.jpg.*\n/, ''),
        ),
      }),
    ],
    ['no-images', /^There are no images in drop\.$/, only({ 'notes.txt': strToU8('hello') })],
    [
      'one-person',
      /^Only 1 person found in images that are read; 2 other images of kinds that are not: \.jp2, \.tga\.$/,
      async () => ({ 'a/1.jpg': jpeg, 'a/2.jpg': jpeg, 'b/1.jp2': jpeg.slice(9), 'b/2.tga': jpeg.slice(9) }),
    ],
    ['one-person', /^Only 1 person found\.$/, async () => ({ '1.jpg': jpeg, '2.jpg': jpeg })],
  ])('%s: %s', async (code, message, make) => {
    const { found, problems } = await recognising(await make());
    expect(found).toEqual([]);
    expect(problems).toEqual([
      expect.objectContaining({ name: 'ImportError', code, message: expect.stringMatching(message) }),
    ]);
    expect(problems[0]?.hint).toMatch(/\w{4,}.*\.$/);
  });

  it('a pickle of many GB is refused after its first bytes', async () => {
    const slice = vi.fn((start: number, end: number) =>
      new Blob([bytesOf(0x80, 2, new Uint8Array(600))]).slice(start, end),
    );
    const huge: ByteSource = { size: 40 * 2 ** 30, slice };
    const { problems } = await recogniseFiles({ name: 'lfw.bin', files: [{ path: 'lfw.bin', file: huge }] });
    expect(problems[0]).toMatchObject({
      code: 'file-too-large',
      message: expect.stringMatching(/^lfw\.bin is 40\.0 GB;/),
    });
    expect(slice.mock.calls.every(([start, end]) => end - start <= 512)).toBe(true);
  });

  it('a pickle that claims gigabytes asks for none', async () => {
    const claims = bytesOf(0x80, 2, ']', 'q', 1, '(', 'T', u32(0x7fffffff), 'abc');
    const { problems } = await recognising({ 'lfw.bin': claims });
    expect(problems[0]).toMatchObject({ code: 'file-truncated' });
  });

  it('cancelling ends it', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(recogniseFiles({ name: 'x', files: droppedFiles({ 'lfw.bin': bin }), signal })).rejects.toThrow(
      'enough',
    );
  });
});

describe('a .rec of 40 GB', () => {
  it('opens by its index: slices of its first and last record are all that is read', async () => {
    const [image] = await drawings(1);
    const { rec } = await trainingSetOf(image ?? jpeg);
    const far = 40 * 2 ** 30;
    const asked: number[] = [];
    const file: ByteSource = {
      size: far + rec.length,
      slice: (start, end) => {
        asked.push(end - start);
        const from = start >= far ? start - far : start;
        return new Blob([rec.slice(from, from + Math.min(end - start, rec.length))]);
      },
    };
    const idx = strToU8(`0\t0\n1\t${rec.length}\n2\t${far}\n`);
    const files = [{ path: 'train.rec', file }, ...droppedFiles({ 'train.idx': idx })];
    const { problems } = await recogniseFiles({ name: 'train.rec', files });
    expect(problems.map(({ message }) => message)).toEqual([]);
    expect(asked.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(4 * rec.length + 1024);
  });
});

/** One record, as both the first and the last of a file. */
async function trainingSetOf(image: Uint8Array<ArrayBuffer>) {
  const { imagePayload, recordFile } = await import('../../formats/testing/records.ts');
  return recordFile([{ key: 0, payload: imagePayload([0], image) }]);
}
