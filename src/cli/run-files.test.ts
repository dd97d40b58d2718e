import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tryPlaces } from './run-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const KEEP = { overwrite: false };

it('makes the folder of a run and leaves nothing in it', () => {
  const out = join(folder, 'runs', 'first');
  tryPlaces({ folder: out, json: join(folder, 'report.json') }, KEEP);
  expect(readdirSync(out)).toEqual([]);
  expect(readdirSync(folder)).toEqual(['runs']);
});

it('refuses a folder that is a file', () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'text');
  expect(() => tryPlaces({ folder: file }, KEEP)).toThrow(`${file}/run.json cannot be written: a file has the name`);
  expect(readFileSync(file, 'utf8')).toBe('text');
});

it('refuses the files of another run, unless it may write over them or resumes that run', () => {
  const archive = join(folder, 'run.zip');
  writeFileSync(archive, 'earlier');
  writeFileSync(join(folder, 'notes.txt'), 'own');
  const other = join(folder, 'elsewhere.zip');
  writeFileSync(other, 'other');
  const refusal = `${folder} holds the files of another run: run.zip. Name another folder with --out, or add --overwrite.`;
  expect(() => tryPlaces({ folder }, KEEP)).toThrow(refusal);
  expect(() => tryPlaces({ folder }, { overwrite: false, resumed: other })).toThrow(refusal);
  tryPlaces({ folder }, { overwrite: true });
  tryPlaces({ folder }, { overwrite: false, resumed: archive });
  expect(readFileSync(archive, 'utf8')).toBe('earlier');
});
