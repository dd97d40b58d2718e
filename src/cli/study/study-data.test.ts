import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { pairsBin } from '../../faces/import/testing/data-files.ts';
import { StudyData } from './study-data.ts';

test('a file with too few pairs for ten folds is refused before anything is trained', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'data-'));
  const describe = async (name: string, pairs: number) => {
    writeFileSync(join(folder, name), await pairsBin(pairs));
    const said: string[] = [];
    await new StudyData(new Map([[name, join(folder, name)]])).describeFiles(DEFAULT_CONFIG, (text) => said.push(text));
    return said;
  };
  expect(await describe('ten.bin', 10)).toEqual(['ten.bin: 10 pairs, 112 × 112']);
  await expect(describe('nine.bin', 9)).rejects.toThrow('nine.bin has 9 pairs; a test needs 10 or more');
  rmSync(folder, { recursive: true });
});
