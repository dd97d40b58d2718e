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
