import { expect, test } from 'vitest';
import { ijbFolder, pairsBin } from '../../faces/import/testing/data-files.ts';
import { testDecoder } from '../../faces/import/testing/dropped-files.ts';
import { ablationPairs } from './ablation-pairs.ts';

const filesOf = (contents: Readonly<Record<string, Uint8Array<ArrayBuffer>>>) =>
  Object.entries(contents).map(([path, bytes]) => ({ path, file: new File([bytes], path) }));
const pairsIn = (name: string, contents: Readonly<Record<string, Uint8Array<ArrayBuffer>>>, count = 20) =>
  ablationPairs({ kind: 'files', name, files: filesOf(contents), count }, () => testDecoder);
const GEOMETRY = { size: 16, region: 'full' } as const;

test('an official .bin gives as many of its pairs as are asked for', async () => {
  const bin = await pairsBin(30);
  const some = await pairsIn('lfw.bin', { 'lfw.bin': bin });
  expect(some.shown).toEqual({ name: 'lfw.bin', count: 20, of: 30 });
  const { pairs, imageCount, size } = await some.open(GEOMETRY);
  expect([pairs.same.length, imageCount, size]).toEqual([20, 40, 16]);
  const all = await pairsIn('lfw.bin', { 'lfw.bin': bin }, 6000);
  expect(all.shown).toEqual({ name: 'lfw.bin', count: 30, of: 30 });
  expect((await all.open(GEOMETRY)).pairs.same.length).toBe(30);
});

test('of several sets the one of that name, and none where the name says nothing', async () => {
  const bin = await pairsBin(20);
  const both = { 'lfw.bin': bin, 'calfw.bin': bin };
  expect((await pairsIn('calfw.bin', both)).shown.name).toBe('calfw.bin');
  await expect(pairsIn('2 files', both)).rejects.toThrow('2 files holds more than one set: LFW: 20 pairs');
});

test('files that hold no pairs of single photos are refused by a sentence', async () => {
  await expect(pairsIn('IJBC', await ijbFolder('IJBC', 6))).rejects.toThrow('compares sets of photos');
  const text = { 'notes.txt': new TextEncoder().encode('no faces') };
  await expect(pairsIn('notes.txt', text)).rejects.toMatchObject({ name: 'ImportError' });
});

test('drawn pairs are named, and drawn for a network only', async () => {
  const { shown } = await ablationPairs({ kind: 'drawn', variation: 'cplfw', count: 20 }, () => testDecoder);
  expect(shown).toEqual({ name: 'Drawn CPLFW', count: 20 });
});
