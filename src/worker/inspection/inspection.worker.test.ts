import { afterEach, expect, test, vi } from 'vitest';
import type { AblationPairs } from './ablation-pairs.ts';
import type { InspectionCommand, InspectionMessage, PairsOrder } from './protocol.ts';

/** Choices of pairs whose files are still read, by their number of pairs. */
const { reading } = vi.hoisted(() => ({ reading: new Map<number, (pairs: AblationPairs) => void>() }));
let asked = () => {};

vi.mock('./ablation-pairs.ts', () => ({
  ablationPairs: ({ count }: PairsOrder) =>
    new Promise<AblationPairs>((resolve) => {
      reading.set(count, resolve);
      asked();
    }),
}));

afterEach(() => vi.unstubAllGlobals());

test('pairs whose files are recognised late do not take the place of others chosen since', async () => {
  const chosen: number[] = [];
  let heard = () => {};
  const thread: {
    onmessage?: (event: { readonly data: InspectionCommand }) => void;
    postMessage: (message: InspectionMessage) => void;
  } = {
    postMessage: (message) => {
      if (message.type !== 'pairs-chosen') expect.fail(message.type);
      chosen.push(message.pairs.count);
      heard();
    },
  };
  vi.stubGlobal('self', thread);
  await import('./inspection.worker.ts');
  const choose = (count: number) =>
    new Promise<void>((resolve) => {
      asked = resolve;
      const pairs = { kind: 'drawn', variation: 'lfw', count } as const;
      thread.onmessage?.({ data: { type: 'choose-pairs', requestId: count, pairs } });
    });
  const read = (count: number) =>
    reading.get(count)?.({ shown: { name: 'pairs', count }, open: () => Promise.reject(new Error('not run')) });
  const answered = (count: number) =>
    new Promise<void>((resolve) => {
      heard = resolve;
      read(count);
    });
  await choose(200);
  await choose(600);
  await answered(600);
  read(200);
  await choose(2000);
  await answered(2000);
  expect(chosen).toEqual([600, 2000]);
});
