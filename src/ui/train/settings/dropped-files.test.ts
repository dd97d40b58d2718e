import { expect, test } from 'vitest';
import { dropName, importFiles } from './dropped-files.ts';

const file = (name: string, extra: object = {}) => Object.assign(new File(['x'], name), extra);

test('keeps where a file stood in the dropped folder, whoever read the folder', () => {
  const relative = file('1.jpg');
  Object.defineProperty(relative, 'webkitRelativePath', { value: 'people/ann/1.jpg' });
  const files = importFiles([
    relative,
    file('2.jpg', { path: '/people/bob/2.jpg' }),
    file('3.jpg', { path: './3.jpg' }),
  ]);
  expect(files.map(({ path }) => path)).toEqual(['people/ann/1.jpg', 'people/bob/2.jpg', '3.jpg']);
});

test('names a drop after its folder or its only file, else counts', () => {
  expect(dropName(importFiles([file('faces.zip')]))).toBe('faces.zip');
  const people = [file('1.jpg', { path: '/people/ann/1.jpg' }), file('2.jpg', { path: '/people/bob/2.jpg' })];
  expect(dropName(importFiles(people))).toBe('people');
  const two = [file('1.jpg', { path: '/ann/1.jpg' }), file('2.jpg', { path: '/bob/2.jpg' })];
  expect(dropName(importFiles(two))).toBe('2 files');
});
