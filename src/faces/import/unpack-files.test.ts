import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readTar } from '../../formats/tar.ts';
import { ImportError } from './import-error.ts';
import { importFaces } from './import-faces.ts';
import { foundInWords } from './limits.ts';
import { recogniseFiles } from './recognise.ts';
import { pairsBin } from './testing/data-files.ts';
import { droppedFiles, pgmBytes, testDecoder } from './testing/dropped-files.ts';

const face = pgmBytes(112, 112, 9);
const paths = ['set/Ann/1.pgm', 'set/Ann/2.pgm', 'set/Bo/1.pgm', 'set/Bo/2.pgm'];
const people = Object.fromEntries(paths.map((path) => [path, face]));

/** A .tar as GNU's and Python's begin: a header of 512 bytes, then the file filled up to 512. */
function tar(
  files: Readonly<Record<string, Uint8Array>>,
  kind = '0',
  magic = 'ustar\0',
  target = '',
): Uint8Array<ArrayBuffer> {
  const blocks = Object.entries(files).flatMap(([path, bytes]) => {
    const header = new Uint8Array(512);
    const put = (at: number, value: string) => header.set(strToU8(value), at);
    put(0, path);
    put(124, bytes.length.toString(8).padStart(11, '0'));
    put(148, '        ');
    put(156, kind);
    put(157, target);
    put(257, magic);
    put(
      148,
      header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0'),
    );
    const body = new Uint8Array(512 * Math.ceil(bytes.length / 512));
    body.set(bytes);
    return [...header, ...body];
  });
  return Uint8Array.from([...blocks, ...new Uint8Array(1024)]);
}

/** One .tar after another, as one that was appended to. */
function appended(...tars: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...tars.flatMap((one) => [...one.slice(0, -1024)]), ...new Uint8Array(1024)]);
}

const link = (path: string, target: string, kind: '1' | '2') => tar({ [path]: strToU8('') }, kind, 'ustar\0', target);

/** Written with Python's lzma: two pairs of grey maps in a pickle of protocol 2. */
const PAIRS_XZ =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AGcAHJdAEAAh0nXgKCh9bsYd7a79zwIiZcjZoQ/88XLtfRZWh9wW1UB+7tYKGprCc4MKxBB4fOVdUvsw3/w34IW+AnbApURytT+bjQTz1p8tO+PRFHTqfefyzNPpTf1Gal6VgDVyxL/BBz9g1VgMaMoL19L90LdAAAAAIadMg1xwyFsAAGOAZ0DAADlD+OXscRn+wIAAAAABFla';

const importing = (name: string, bytes: Uint8Array<ArrayBuffer>, maxUnpackedBytes = 2 ** 30) =>
  importFaces({ name, files: droppedFiles({ [name]: bytes }), decode: testDecoder, limits: { maxUnpackedBytes } });

describe('packed files', () => {
  it.each<[string, Uint8Array<ArrayBuffer>]>([
    ['faces.tar', tar(people)],
    ['unix-v7.tar', tar(people, '\0', '')],
    ['faces.tgz', gzipSync(tar(people)) as Uint8Array<ArrayBuffer>],
    ['faces.tar.gz', gzipSync(tar(people)) as Uint8Array<ArrayBuffer>],
    ['faces.zip', zipSync({ 'inner.zip': zipSync(people) })],
    ['tar-in.zip', zipSync({ 'a/set.tar': tar(people) })],
    ['tgz-in.zip', zipSync({ 'set.tar.gz': gzipSync(tar(people)), 'readme.txt': strToU8('People.') })],
    ['one-each.zip', zipSync({ 'Ann.tgz': gzipSync(tar({ '1.pgm': face })), 'Bo.tar': tar({ '1.pgm': face }) })],
    [
      'people.zip',
      zipSync({ 'Ann.zip': zipSync({ '1.pgm': face, '2.pgm': face }), 'Bo.zip': zipSync({ '1.pgm': face }) }),
    ],
  ])('%s: the people in it', async (name, bytes) => {
    expect((await importing(name, bytes)).identities).toEqual(['Ann', 'Bo']);
  });

  const photos = { '1.pgm': face, '2.pgm': face };
  it.each<[string, Record<string, Uint8Array<ArrayBuffer>>]>([
    ['.zip files', { 'set/Ann.zip': zipSync(photos), 'set/Bo.zip': zipSync(photos) }],
    ['.tar files', { 'set/Ann.tar': tar(photos), 'set/Bo.tar.gz': gzipSync(tar(photos)) as Uint8Array<ArrayBuffer> }],
    ['a .tar beside a folder', { 'set/Ann.tar': tar(photos), 'set/Bo/1.pgm': face, 'set/Bo/2.pgm': face }],
    ['parts of a set', { 'train.zip': zipSync(people), 'val.zip': zipSync({ 'Ann/3.pgm': face, 'Bo/3.pgm': face }) }],
  ])('one a person or a part: %s', async (_, contents) => {
    const { identities } = await importFaces({ name: 'set', files: droppedFiles(contents), decode: testDecoder });
    expect(identities).toEqual(['Ann', 'Bo']);
  });

  it('hold the last of several files of one path, as when unpacked', async () => {
    const other = pgmBytes(112, 112, 77);
    const last = {
      './set/Ann/1.pgm': other,
      'set/x/../Ann/2.pgm': other,
      'set/Bo/1.pgm': other,
      'set/Bo/2.pgm': other,
    };
    const zip = zipSync({ ...people, 'set/Ann//1.pgm': other }) as Uint8Array<ArrayBuffer>;
    const shades = async (name: string, bytes: Uint8Array<ArrayBuffer>) =>
      (await importing(name, bytes)).images.map(({ pixels }) => pixels[0]);
    expect(await shades('set.tar', appended(tar(people), tar(last)))).toEqual([77, 77, 77, 77]);
    expect(await shades('set.zip', zip)).toEqual([77, 9, 9, 9]);
  });

  it('hold the files to which links lead; a link out of the archive cannot be read', async () => {
    const other = pgmBytes(112, 112, 77);
    const linked = appended(
      tar(people),
      link('set/Cy/1.pgm', 'set/Ann/1.pgm', '1'),
      link('set/Cy/2.pgm', '3.pgm', '2'),
      link('set/Cy/3.pgm', './../Bo/2.pgm', '2'),
      link('set/Di', 'Bo', '2'),
      link('set/Ann/all', '../../set', '2'),
      link('set/Bo/4.pgm', '1.pgm', '2'),
      link('set/Bo/5.pgm', '/home/Bo/5.pgm', '2'),
      link('set/Bo/6.pgm', 'set/Bo/missing.pgm', '1'),
      // The hard link keeps the file that was there before.
      tar({ 'set/Ann/1.pgm': other }),
    );
    const { identities, images, unreadable, notes } = await importing('set.tar', linked);
    expect(identities).toEqual(['Ann', 'Bo', 'Cy', 'Di']);
    expect(images.map(({ identity, pixels }) => [identity, pixels[0]])).toEqual(
      [0, 0, 1, 1, 2, 2, 3, 3].map((identity, at) => [identity, at === 0 ? 77 : 9]),
    );
    expect(unreadable.first.map(({ path }) => path)).toEqual(
      ['Bo/5', 'Bo/6', 'Di/5', 'Di/6'].map((path) => `set/${path}.pgm`),
    );
    // Bo/4, Cy/3 and Di/4.
    expect(notes).toContain('3 links to photos of the same person were left out.');
  });

  it('have the folders that paths with ".." lead to', async () => {
    const outside = Object.fromEntries(paths.map((path) => [`../../${path}`, face]));
    expect((await importing('set.zip', zipSync(outside) as Uint8Array<ArrayBuffer>)).images.length).toBe(4);
  });

  it('are named where they are not opened', async () => {
    const imported = async (contents: Record<string, Uint8Array<ArrayBuffer>>, name = 'set') =>
      importFaces({ name, files: droppedFiles(contents), decode: testDecoder });
    const { notes } = await imported({
      ...people,
      'set/more.zip': zipSync(people),
      'set/old.7z': strToU8('7z\u00bc\u00af'),
    });
    expect(notes).toContain('Not opened: set/more.zip, set/old.7z. Unpack those that belong to the set.');
    await expect(
      imported({ 'set/Ann/1.pgm': face, 'set/Ann/2.pgm': face, 'set/Bo.7z': strToU8('7z\u00bc\u00af') }),
    ).rejects.toThrow('Only 1 person found. Not opened: set/Bo.7z.');
    await expect(imported({ 'faces.rar': strToU8('Rar!') }, 'faces.rar')).rejects.toMatchObject({
      code: 'archive-unsupported',
      message: 'faces.rar is an archive of a kind that is not opened here.',
    });
    await expect(
      imported({ 'set.zip': zipSync({ 'a/set.7z': strToU8('7z\u00bc\u00af') }) }, 'set.zip'),
    ).rejects.toThrow('There are no images in set.zip but in a/set.7z, which is not opened here.');
  });

  it.each([
    ['set.zip.001', 'set.zip.002'],
    ['set.z01', 'set.zip'],
  ])('in several files have to be joined: %s, %s', async (first, second) => {
    const whole = zipSync(people) as Uint8Array<ArrayBuffer>;
    const halves = { [first]: whole.slice(0, 400), [second]: whole.slice(400) };
    const { found, problems } = await recogniseFiles({ name: 'set', files: droppedFiles(halves) });
    expect([found, problems.map(({ message }) => message)]).toEqual([
      [],
      [`${first} is one part of an archive in several files.`],
    ]);
  });

  it('with records inside are named: those are read from files alone', async () => {
    const inside = { 'faces_emore/lfw.bin': await pairsBin(2), 'faces_emore/train.rec': strToU8('records') };
    await expect(importing('set.zip', zipSync(inside) as Uint8Array<ArrayBuffer>)).rejects.toThrow(
      'There are no images in set.zip but in faces_emore/train.rec, which is not opened here.',
    );
  });

  it('give the verification sets inside, packed or not, and name a .bin that is none', async () => {
    const sets = { 'sets/lfw.bin': await pairsBin(3), 'sets/agedb_30.bin': await pairsBin(4) };
    const recognise = (level: 0 | 6, more: Record<string, Uint8Array<ArrayBuffer>> = {}) =>
      recogniseFiles({ name: 'set.zip', files: droppedFiles({ 'set.zip': zipSync({ ...sets, ...more }, { level }) }) });
    for (const level of [0, 6] as const) {
      const { found, problems } = await recognise(level);
      expect([found.map(foundInWords), problems]).toEqual([
        ['LFW: 3 pairs, 112 × 112', 'AgeDB-30: 4 pairs, 112 × 112'],
        [],
      ]);
    }
    const { found, problems } = await recognise(6, {
      'sets/x.bin': strToU8('none'),
      'Ann/1.pgm': face,
      'Bo/1.pgm': face,
    });
    expect(found.map(({ kind }) => kind)).toEqual(['pairs', 'pairs', 'people']);
    expect(problems.map(({ message }) => message)).toEqual([
      'These are not pairs: sets/x.bin should hold images and same/different labels.',
    ]);
    const bad = zipSync(sets, { level: 0 }) as Uint8Array<ArrayBuffer>;
    bad[200] = (bad[200] ?? 0) ^ 255;
    const damaged = await recogniseFiles({ name: 'set.zip', files: droppedFiles({ 'set.zip': bad }) });
    expect(damaged.found.map(({ title }) => title)).toEqual(['AgeDB-30']);
    expect(damaged.problems.map(({ message }) => message)).toEqual(['sets/lfw.bin is damaged in the archive.']);
  });

  it('have their lists beside them', async () => {
    const files = droppedFiles({
      'lfw.zip': zipSync(people),
      'pairs.txt': strToU8('1\t1\nAnn\t1\t2\nAnn\t1\tBo\t1\n'),
    });
    const { found, problems } = await recogniseFiles({ name: 'set', files });
    expect([found, problems.map(({ message }) => message)]).toEqual([
      [],
      ['pairs.txt names 3 images that are not there, the first is photo 1 of Ann (Ann_0001.jpg).'],
    ]);
  });

  it('Hadrian and Eclipse: an .xz of an InsightFace pickle', async () => {
    const bytes = Uint8Array.from(atob(PAIRS_XZ), (byte) => byte.charCodeAt(0));
    const recognise = (part: Uint8Array<ArrayBuffer>) =>
      recogniseFiles({ name: 'hadrian.xz', files: droppedFiles({ 'hadrian.xz': part }) });
    expect((await recognise(bytes)).found.map(foundInWords)).toEqual(['hadrian: 2 pairs, 8 × 8']);
    const { found, problems } = await recognise(bytes.slice(0, bytes.length - 30));
    expect([found, problems.map(({ code }) => code)]).toEqual([[], ['archive-corrupt']]);
    // The kind of check: SHA-256.
    const other = await recognise(bytes.with(7, 10));
    expect(other.problems.map(({ message }) => message)).toEqual([
      'hadrian.xz has SHA-256 checks, which are not read here.',
    ]);
  });

  it('is refused where it is cut, or unpacks to a thousand times its size', async () => {
    const packed = gzipSync(tar(people)) as Uint8Array<ArrayBuffer>;
    const failure = (bytes: Uint8Array<ArrayBuffer>, most?: number) =>
      importing('faces.tgz', bytes, most).then(
        () => 'none',
        (error: unknown) => (error instanceof ImportError ? error.code : String(error)),
      );
    expect(await failure(packed.slice(0, packed.length - 20))).toBe('archive-corrupt');
    expect(await failure(packed, 20_000)).toBe('archive-bomb');
    for (const end of [14_000, tar({ '1.pgm': face }).length - 1024 + 100]) {
      expect(await failure(gzipSync(tar(people).slice(0, end)) as Uint8Array<ArrayBuffer>)).toBe('archive-corrupt');
    }
  });

  it('is refused within a .zip, too, by the size of the whole', async () => {
    const packed = (shade: number) =>
      gzipSync(tar({ 'Ann/1.pgm': pgmBytes(300, 300, shade), 'Bo/1.pgm': pgmBytes(300, 300, shade + 1) }));
    const inner = packed(9);
    const twice = zipSync({ 'one.tgz': inner, 'two.tgz': packed(11) }) as Uint8Array<ArrayBuffer>;
    await expect(importing('set.zip', twice, 300_000)).rejects.toThrow(/two\.tgz unpacks to more than/);
    expect((await importing('set.zip', twice, 500_000)).images.length).toBe(4);
    const cut = zipSync({ 'one.tgz': inner.slice(0, -20) }) as Uint8Array<ArrayBuffer>;
    await expect(importing('set.zip', cut)).rejects.toMatchObject({ code: 'archive-corrupt' });
  });

  it('long names of GNU and of pax are whole', async () => {
    const long = `${'folder/'.repeat(30)}1.pgm`;
    const named = (first: Uint8Array<ArrayBuffer>) => {
      const archive = Uint8Array.from([...first.slice(0, -1024), ...tar({ 'short.pgm': face })]);
      return readTar(async (start, end) => archive.subarray(start, end), archive.length, 100);
    };
    const record = `path=${long}\n`;
    const pax = `${record.length + 4} ${record}`;
    for (const first of [tar({ '././@LongLink': strToU8(`${long}\0`) }, 'L'), tar({ pax: strToU8(pax) }, 'x')]) {
      expect(await named(first)).toEqual([expect.objectContaining({ path: long, size: face.length })]);
    }
  });
});
