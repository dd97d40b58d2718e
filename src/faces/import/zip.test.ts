import fc from 'fast-check';
import { Zip, ZipDeflate, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ImportError } from './import-error.ts';
import { importFaces } from './import-faces.ts';
import type { ImportLimits } from './limits.ts';
import { droppedFiles, pgmBytes, testDecoder } from './testing/dropped-files.ts';
import { readZipDirectory } from './zip-directory.ts';

const people = {
  'p/a/1.pgm': pgmBytes(12, 12, 1),
  'p/a/2.pgm': pgmBytes(12, 14, 2),
  'p/b/1.pgm': pgmBytes(12, 12, 3),
  'p/c/1.pgm': pgmBytes(12, 12, 4),
};

const importing = (zip: Uint8Array<ArrayBuffer>, limits: Partial<ImportLimits> = {}) =>
  importFaces({ name: 'faces.zip', files: droppedFiles({ 'faces.zip': zip }), decode: testDecoder, limits });

async function codeOf(imported: Promise<unknown>): Promise<string> {
  try {
    await imported;
  } catch (error) {
    if (error instanceof ImportError) return error.code;
    throw error;
  }
  return 'none';
}

/** Where each entry of the list of contents begins. */
function directoryEntries(zip: Uint8Array<ArrayBuffer>): {
  readonly view: DataView;
  readonly at: readonly number[];
  readonly end: number;
} {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - 22;
  const at = [view.getUint32(end + 16, true)];
  for (let entry = 1; entry < view.getUint16(end + 10, true); entry++) {
    const last = at.at(-1) ?? 0;
    at.push(
      last + 46 + view.getUint16(last + 28, true) + view.getUint16(last + 30, true) + view.getUint16(last + 32, true),
    );
  }
  return { view, at, end };
}

function changed(
  field: number,
  bytes: 2 | 4,
  value: number,
  entries: readonly number[] = [0, 1, 2, 3],
): Uint8Array<ArrayBuffer> {
  const zip = zipSync(people);
  const { view, at } = directoryEntries(zip);
  for (const entry of entries) {
    if (bytes === 2) view.setUint16((at[entry] ?? 0) + field, value, true);
    else view.setUint32((at[entry] ?? 0) + field, value, true);
  }
  return zip;
}

const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('archives that are read', () => {
  const expected = { identities: ['a', 'b', 'c'], unreadable: { count: 0 } };

  it('written in one go by a streaming program, with sizes after the data', async () => {
    const parts: Uint8Array[] = [];
    const zip = new Zip((_, part) => parts.push(part));
    for (const [path, bytes] of Object.entries(people)) {
      const entry = new ZipDeflate(path);
      zip.add(entry);
      entry.push(bytes, true);
    }
    zip.end();
    expect(await importing(joined(...parts))).toMatchObject(expected);
  });

  it('behind a self-extracting program, and before a comment that looks like the end of an archive', async () => {
    expect(await importing(joined(new Uint8Array(999), zipSync(people)))).toMatchObject(expected);
    const zip = zipSync(people);
    const comment = Uint8Array.from([0x50, 0x4b, 5, 6, ...new Array<number>(30).fill(255)]);
    new DataView(zip.buffer).setUint16(zip.length - 2, comment.length, true);
    expect(await importing(joined(zip, comment))).toMatchObject(expected);
  });

  it('with paths as Windows writes them, folders of their own, and names that are not UTF-8', async () => {
    const zip = zipSync({
      'p/': new Uint8Array(0),
      'p\\m\u00fcller\\1.pgm': pgmBytes(9, 9, 1),
      'p/b/1.pgm': pgmBytes(9, 9, 1),
    });
    expect(await importing(zip)).toMatchObject({ identities: ['b', 'm\u00fcller'], ignored: 0 });
    const latin = zipSync({ 'p/mXller/1.pgm': pgmBytes(9, 9, 1), 'p/b/1.pgm': pgmBytes(9, 9, 1) });
    const { view, at } = directoryEntries(latin);
    view.setUint8((at[0] ?? 0) + 46 + 3, 0xfc);
    expect((await importing(latin)).identities).toEqual(['b', 'm\u00fcller']);
  });

  it('with all names of an archive in one code page', async () => {
    const zip = zipSync({ 'p/mXller/1.pgm': pgmBytes(9, 9, 1), 'p/strauX/1.pgm': pgmBytes(9, 9, 1) });
    const { view, at } = directoryEntries(zip);
    view.setUint8((at[1] ?? 0) + 46 + 7, 0xe1);
    view.setUint8((at[0] ?? 0) + 46 + 3, 0x81);
    expect((await importing(zip)).identities).toEqual(['m\u00fcller', 'strau\u00df']);
    view.setUint8((at[0] ?? 0) + 46 + 3, 0xfc);
    expect((await importing(zip)).identities).toEqual(['m\u00fcller', 'strau\u00e1']);
    view.setUint8((at[0] ?? 0) + 46 + 3, 0x75);
    expect((await importing(zip)).identities).toEqual(['muller', 'strau\u00df']);
  });

  it('in the 64-bit form, as archives of more than 65,535 files are', async () => {
    const zip = zipSync(people);
    const { view, at, end } = directoryEntries(zip);
    const start = at[0] ?? 0;
    const entries = at.map((from, entry) => {
      const plain = zip.slice(from, at[entry + 1] ?? end);
      const extra = new DataView(new ArrayBuffer(28));
      extra.setUint16(0, 1, true);
      extra.setUint16(2, 24, true);
      for (const [order, field] of [24, 20, 42].entries())
        extra.setUint32(4 + order * 8, view.getUint32(from + field, true), true);
      const fields = new DataView(plain.buffer);
      for (const field of [20, 24, 42]) fields.setUint32(field, 0xffffffff, true);
      fields.setUint16(30, 28, true);
      return joined(plain, new Uint8Array(extra.buffer));
    });
    const directory = joined(...entries);
    const end64 = new DataView(new ArrayBuffer(56 + 20));
    end64.setUint32(0, 0x06064b50, true);
    end64.setUint32(4, 44, true);
    end64.setUint32(32, at.length, true);
    end64.setUint32(40, directory.length, true);
    end64.setUint32(48, start, true);
    end64.setUint32(56, 0x07064b50, true);
    end64.setUint32(64, start + directory.length, true);
    const last = zip.slice(end);
    last.fill(255, 8, 20);
    expect(
      await importing(joined(zip.subarray(0, start), directory, new Uint8Array(end64.buffer), last)),
    ).toMatchObject(expected);
  });
});

describe('archives that are refused', () => {
  it.each<[string, () => Uint8Array<ArrayBuffer>]>([
    ['archive-truncated', () => zipSync(people).slice(0, -30)],
    ['archive-truncated', () => zipSync(people).slice(0, 100)],
    ['not-an-archive', () => new Uint8Array(500).fill(7)],
    ['not-an-archive', () => new Uint8Array(0)],
    ['archive-corrupt', () => zipSync(people).slice(40)],
    ['archive-corrupt', () => changed(0, 4, 0x12345678, [2])],
    ['archive-corrupt', () => changed(28, 2, 60_000, [3])],
    ['archive-corrupt', () => changed(42, 4, 0x7fffffff, [1])],
    ['archive-encrypted', () => changed(8, 2, 1)],
    ['archive-unsupported', () => changed(10, 2, 93)],
    // Four images that claim 30 MB each in an archive of some hundred bytes.
    ['archive-bomb', () => changed(24, 4, 30 * 2 ** 20)],
  ])('as %s', async (code, make) => {
    expect(await codeOf(importing(make()))).toBe(code);
  });

  it('when the images would fill the memory, even where they hardly shrank', async () => {
    const zip = zipSync(people, { level: 0 });
    expect(await codeOf(importing(zip, { maxUnpackedBytes: 500 }))).toBe('archive-bomb');
    expect(await codeOf(importing(zip, { maxUnpackedBytes: 5000 }))).toBe('none');
  });

  it('when the file vanished after it was dropped', async () => {
    const gone = { size: 999, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) };
    expect(await codeOf(readZipDirectory('faces.zip', gone, 10))).toBe('file-unreadable');
  });
});

describe('entries that are left out, with the reason', () => {
  it.each<[string, string, () => Uint8Array<ArrayBuffer>]>([
    ['one that unpacks to more than it says', 'unpacks to more than the archive says', () => changed(24, 4, 100, [0])],
    ['one that unpacks to less', 'is damaged in the archive', () => changed(24, 4, 5000, [0])],
    ['one whose checksum is wrong', 'is damaged in the archive', () => changed(16, 4, 1, [0])],
    ['one that is locked', 'is locked with a password', () => changed(8, 2, 1, [0])],
    ['one packed in another way', 'is packed with a method that is not read here', () => changed(10, 2, 9, [0])],
    ['one that begins elsewhere', 'is damaged in the archive', () => changed(42, 4, 3, [0])],
    ['one larger than an image may be', 'is 3.9 GB, up to 32 MB are read', () => changed(24, 4, 0xf8000000, [0])],
  ])('%s', async (_, reason, make) => {
    const imported = await importing(make());
    expect(imported.unreadable.first).toEqual([{ path: 'p/a/1.pgm', reason }]);
    expect(imported.identities).toEqual(['a', 'b', 'c']);
  });

  it('one that asks for far more packed bytes than it has pixels, which are then not read', async () => {
    const zip = zipSync({ ...people, 'p/a/1.pgm': pgmBytes(200, 200, 1) }, { level: 0 });
    const { view, at } = directoryEntries(zip);
    view.setUint32((at[0] ?? 0) + 24, 200, true);
    let read = 0;
    const slice = (start: number, end: number) => {
      if (start < 200) read += end - start;
      return new Blob([zip]).slice(start, end);
    };
    const files = [{ path: 'faces.zip', file: { size: zip.length, slice } }];
    const imported = await importFaces({ name: 'faces.zip', files, decode: testDecoder });
    expect(imported.unreadable.first).toEqual([{ path: 'p/a/1.pgm', reason: 'is damaged in the archive' }]);
    expect(read).toBeLessThan(zip.length + 1000);
  });
});

describe('mutated archives', () => {
  it('end in faces or in an ImportError, never in anything else, and never in much more than the declared bytes', async () => {
    const whole = zipSync(people);
    const end = directoryEntries(whole).at[0] ?? 0;
    const edit = fc.record({
      // Half of the damage goes to the list of contents, where it is read first.
      at: fc.oneof(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: end, max: whole.length - 1 })),
      value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x50, 0x7f, 0xff)),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        fc.oneof(fc.constant(0), fc.nat(whole.length)),
        async (edits, cut) => {
          const zip = whole.slice();
          for (const { at, value } of edits) zip[at] = value;
          try {
            const imported = await importing(zip.slice(0, zip.length - cut));
            expect(imported.identities.length).toBeGreaterThanOrEqual(2);
            for (const image of imported.images) expect(image.pixels.length).toBe(image.size ** 2 * 3);
          } catch (error) {
            expect(error).toBeInstanceOf(ImportError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
