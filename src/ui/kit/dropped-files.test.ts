import { expect, test } from 'vitest';
import { dropName, droppedFiles, pickedFiles } from './dropped-files.ts';

const BATCH = 2;

/** A dropped folder as browsers give it: readers hand out a few entries at a time. */
function folder(fullPath: string, inside: readonly object[]): object {
  return {
    isFile: false,
    isDirectory: true,
    fullPath,
    createReader: () => {
      let given = 0;
      return {
        readEntries: (resolve: (entries: readonly object[]) => void) => {
          resolve(inside.slice(given, given + BATCH));
          given += BATCH;
        },
      };
    },
  };
}

function file(fullPath: string): object {
  const name = fullPath.slice(fullPath.lastIndexOf('/') + 1);
  return {
    isFile: true,
    isDirectory: false,
    fullPath,
    file: (resolve: (file: File) => void) => resolve(new File(['x'], name)),
  };
}

/** The type has no constructor in Node; only `items` is read of it. */
function drop(items: readonly object[]): DataTransfer {
  return { items } as unknown as DataTransfer;
}

test('a dropped folder gives all files under it, however deep and many, with their paths', async () => {
  const ann = folder(
    '/people/ann',
    ['1', '2', '3', '4', '5'].map((name) => file(`/people/ann/${name}.jpg`)),
  );
  const entry = folder('/people', [ann, file('/people/readme.txt')]);
  const files = await droppedFiles(drop([{ kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => null }]));
  expect(files.map(({ path }) => path)).toEqual([
    'people/ann/1.jpg',
    'people/ann/2.jpg',
    'people/ann/3.jpg',
    'people/ann/4.jpg',
    'people/ann/5.jpg',
    'people/readme.txt',
  ]);
  expect(dropName(files)).toBe('people');
});

test('a folder that cannot be read is reported, not left out', async () => {
  const locked = {
    ...folder('/people', []),
    createReader: () => ({ readEntries: (_: unknown, reject: (error: Error) => void) => reject(new Error('locked')) }),
  };
  const dropped = drop([{ kind: 'file', webkitGetAsEntry: () => locked, getAsFile: () => null }]);
  await expect(droppedFiles(dropped)).rejects.toThrow('locked');
});

test('files without an entry are taken as they are, dropped text is left alone', async () => {
  const zip = new File(['x'], 'faces.zip');
  const files = await droppedFiles(
    drop([
      { kind: 'string', getAsFile: () => null },
      { kind: 'file', webkitGetAsEntry: () => null, getAsFile: () => zip },
    ]),
  );
  expect(files).toEqual([{ path: 'faces.zip', file: zip }]);
  expect(dropName(files)).toBe('faces.zip');
});

test('a picked folder keeps its paths; several are counted', () => {
  const relative = (path: string) => {
    const picked = new File(['x'], path.slice(path.lastIndexOf('/') + 1));
    Object.defineProperty(picked, 'webkitRelativePath', { value: path });
    return picked;
  };
  const files = pickedFiles([relative('ann/1.jpg'), relative('bob/2.jpg')]);
  expect(files.map(({ path }) => path)).toEqual(['ann/1.jpg', 'bob/2.jpg']);
  expect(dropName(files)).toBe('2 files');
});
