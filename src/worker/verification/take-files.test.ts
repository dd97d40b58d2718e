import { expect, test } from 'vitest';
import { pairsBin } from '../../faces/import/testing/data-files.ts';
import { BenchmarkShelf } from './benchmark-shelf.ts';
import { NetworkShelf } from './network-shelf.ts';
import type { HeldRow, VerificationMessage } from './protocol.ts';
import { takeFiles } from './take-files.ts';

const NAMES = ['lfw.bin', 'cfp_fp.bin'];

const added = (messages: readonly VerificationMessage[]) =>
  messages.flatMap((message) => (message.type === 'benchmark-added' ? [message] : []));

/** Has a fresh worker take files; `rows` are those that an earlier worker filled with them. */
async function take(names: readonly string[], rows?: readonly HeldRow[]) {
  const bytes = await pairsBin(12);
  const files = names.map((name) => ({ path: name, file: new File([bytes], name) }));
  const messages: VerificationMessage[] = [];
  const command = { type: 'take-files', requestId: 1, name: '2 files', files, as: 'pairs', row: undefined } as const;
  await takeFiles(
    rows === undefined ? command : { ...command, rows },
    new NetworkShelf(),
    new BenchmarkShelf(),
    new AbortController().signal,
    (message) => messages.push(message),
  );
  return added(messages);
}

const places = (taken: Awaited<ReturnType<typeof take>>) =>
  taken.map(({ row, source, last }) => `${row}: ${source.name}${last ? ', the last' : ''}`);

test('pairs that are read again go to the rows they had, though others are gone from the disk or the page', async () => {
  const both = await take(NAMES);
  expect(places(both)).toEqual(['lfw: lfw.bin', 'cfp-fp: cfp_fp.bin, the last']);
  const [, profiles] = both;
  expect(places(await take(['cfp_fp.bin'], both))).toEqual(['cfp-fp: cfp_fp.bin, the last']);
  expect(places(await take(NAMES, profiles && [profiles]))).toEqual(['cfp-fp: cfp_fp.bin, the last']);
  await expect(take(['lfw.bin'], profiles && [profiles])).rejects.toThrow('2 files holds other pairs than before.');
});

test('two sets of one file are told apart by their names', async () => {
  const [pairs] = await take(['lfw.bin']);
  const others = pairs && [{ ...pairs, source: { ...pairs.source, title: 'CFP-FF' } }];
  await expect(take(['lfw.bin'], others)).rejects.toThrow('holds other pairs than before');
});
