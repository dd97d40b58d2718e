import { expect, test } from 'vitest';
import type { AblationResult, InspectionCommand } from '../../worker/inspection/protocol.ts';
import { ModelTasksStore } from './model-tasks-store.ts';

function opened() {
  const posted: InspectionCommand[] = [];
  const store = new ModelTasksStore((command) => {
    posted.push(command(posted.length + 1));
    return posted.length;
  });
  return { store, posted, state: store.state.getState };
}

const result = (filters: readonly number[]): AblationResult => ({
  filters,
  change: 0.1,
  pairs: 'Drawn LFW',
  pairCount: 20,
  accuracy: [0.9, 0.8],
  interval: undefined,
});

test('filters are switched one question at a time, and the answer about others is not shown', () => {
  const { store, posted, state } = opened();
  store.ablate(true);
  for (const filter of [4, 1, 7, 7]) store.toggle(filter);
  expect([state().off, posted.length, state().measuring]).toEqual([[1, 4], 1, 'off']);
  store.receive({ type: 'ablated', requestId: 1, result: result([4]) });
  expect([state().result, posted.at(-1)]).toEqual([undefined, { type: 'ablate', requestId: 2, filters: [1, 4] }]);
  store.receive({ type: 'ablated', requestId: 2, result: result([1, 4]) });
  expect([state().result?.change, state().measuring]).toEqual([0.1, undefined]);
  store.toggle(1);
  store.ablate(false);
  expect([state().off, state().result]).toEqual([[], undefined]);
});

test('accuracies are measured on the pairs that were chosen, for the next model too', () => {
  const { store, posted, state } = opened();
  store.ablate(true);
  store.toggle(4);
  const files = [{ path: 'lfw.bin', file: new File([], 'lfw.bin') }];
  const pairs = { kind: 'files', name: 'lfw.bin', files, count: 600 } as const;
  store.choosePairs(pairs);
  // A result on other pairs is not shown any more.
  store.receive({ type: 'ablated', requestId: 1, result: result([4]) });
  expect([state().measuring, state().result]).toEqual(['pairs', undefined]);
  const shown = { name: 'lfw.bin', count: 600, of: 6000 };
  store.receive({ type: 'pairs-chosen', requestId: 2, pairs: shown });
  expect([state().pairsShown, posted.at(-1)]).toEqual([shown, { type: 'ablate', requestId: 3, filters: [4] }]);
  store.receive({ type: 'ablating', requestId: 3, done: 16, total: 1200 });
  expect(state().progress).toMatchObject({ done: 16, total: 1200 });
  store.receive({ type: 'ablated', requestId: 3, result: result([4]) });
  // Files without pairs leave those in use.
  store.choosePairs({ ...pairs, name: 'cat.png' });
  store.receive({ type: 'task-failed', requestId: 4, failure: { code: 'unsupported', message: 'No.', hint: '' } });
  expect([state().pairs, state().pairsShown, state().failure?.message]).toEqual([pairs, shown, 'No.']);
  store.reset();
  expect(posted.at(-1)).toEqual({ type: 'choose-pairs', requestId: 5, pairs });
});

test('a bar is measured for each filter, and a failure ends it', () => {
  const { store, posted, state } = opened();
  store.measureEach(2);
  expect(posted.at(-1)).toEqual({ type: 'ablate-each', requestId: 1, filters: [0, 1] });
  store.receive({ type: 'ablated-one', requestId: 1, filter: 0, change: 0.2, left: 1 });
  expect([state().changes.get(0), state().measuring]).toEqual([0.2, 'each']);
  store.receive({ type: 'task-failed', requestId: 1, failure: { code: 'internal', message: 'No.', hint: '' } });
  expect([state().measuring, state().failure?.message]).toEqual([undefined, 'No.']);
});

test('a smaller model is kept by its layers; photos ask for it again', () => {
  const { store, posted, state } = opened();
  store.slim();
  store.slim();
  expect(posted.length).toBe(1);
  store.receive({ type: 'slimmed', requestId: 1, model: { layers: 'first', bytes: new Uint8Array(2) } });
  expect([state().slimmed.first?.bytes.length, state().slimming]).toEqual([2, false]);
  store.takePhotos([{ path: 'a.png', file: new File([], 'a.png') }]);
  expect([state().slimmed.first, posted.length]).toEqual([undefined, 2]);
  store.takePhotos([{ path: 'b.png', file: new File([], 'b.png') }]);
  store.receive({ type: 'slimmed', requestId: 2, model: { layers: 'first', bytes: new Uint8Array(2) } });
  expect([state().slimmed.first, posted.length]).toEqual([undefined, 3]);
  store.reset();
  store.receive({ type: 'slimmed', requestId: 3, model: { layers: 'first', bytes: new Uint8Array(2) } });
  expect(state().slimmed).toEqual({});
});
