import { expect, test } from 'vitest';
import { RunFileError } from '../../client/runs-client.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import type { VerificationCommand, VerificationMessage } from '../../worker/verification/protocol.ts';
import { tableRows } from './table-rows.ts';
import { benchmarkResult, networkSummary } from './testing/results.ts';
import { VerifyStore } from './verify-store.ts';

const CHECKPOINT: Checkpoint = { config: DEFAULT_CONFIG, step: 40, arms: [] };
const ARMS = [networkSummary(), networkSummary({ id: 'run/1/craft', name: 'CRAFT', arm: 'craft' })];
const MODEL = { path: 'a.onnx', file: new File([], 'a.onnx') };

function opened() {
  const posted: VerificationCommand[] = [];
  let answer = (_: VerificationMessage) => {};
  const store = new VerifyStore((receive) => {
    answer = receive;
    return { post: (command) => posted.push(command) };
  });
  const last = <Type extends VerificationCommand['type']>(type: Type) => {
    const command = posted.findLast((each): each is Extract<VerificationCommand, { type: Type }> => each.type === type);
    return command ?? expect.fail(`no ${type} was posted`);
  };
  return { store, posted, last, answer, state: store.state.getState };
}

/** The run's two arms are being verified. */
async function verifying() {
  const screen = opened();
  await screen.store.verifyAll('wasm', { checkpoint: async () => CHECKPOINT });
  screen.answer({ type: 'networks-opened', requestId: screen.last('open-run').requestId, networks: ARMS });
  return screen;
}

test('verifies the run as its checkpoint has it: both arms, on the seven benchmarks', async () => {
  const { last, state, answer } = await verifying();
  expect(last('open-run').checkpoint).toBe(CHECKPOINT);
  expect(state().asking).toBe(false);
  expect(last('verify')).toMatchObject({ backend: 'wasm', pairs: 1000 });
  expect(last('verify').networks.map(({ id }) => id)).toEqual(['run/1/standard', 'run/1/craft']);
  expect(last('verify').rows).toHaveLength(7);
  const { requestId } = last('verify');
  answer({ type: 'row-done', requestId, result: benchmarkResult({ row: 'lfw' }) });
  const failure = { code: 'internal', message: 'No.', hint: 'Again.' } as const;
  answer({ type: 'row-failed', requestId, row: 'cfp-fp', failure });
  expect([state().results.lfw?.row, state().failures['cfp-fp']?.message]).toEqual(['lfw', 'No.']);
  expect(state().job?.pending).toHaveLength(5);
  answer({ type: 'verified', requestId });
  expect(state().job).toBeUndefined();
});

test('a run that cannot give its networks gets a sentence with a remedy', async () => {
  const { store, state } = opened();
  const refused = new RunFileError({ code: 'gone', message: 'There is none.', hint: 'Press Train.' });
  await store.verifyAll('auto', { checkpoint: () => Promise.reject(refused) });
  expect(state()).toMatchObject({ asking: false, failure: { message: 'There is none.', hint: 'Press Train.' } });
});

test('cancelled while the run is asked, nothing is verified, also where it is asked again meanwhile', async () => {
  const { store, posted, state } = opened();
  const answers: ((checkpoint: Checkpoint) => void)[] = [];
  const run = { checkpoint: () => new Promise<Checkpoint>((resolve) => answers.push(resolve)) };
  const first = store.verifyAll('auto', run);
  store.cancel();
  expect(state().asking).toBe(false);
  const second = store.verifyAll('auto', run);
  answers[0]?.({ ...CHECKPOINT, step: 1 });
  await first;
  expect(posted).toEqual([]);
  answers[1]?.({ ...CHECKPOINT, step: 2 });
  await second;
  expect(posted).toMatchObject([{ type: 'open-run', checkpoint: { step: 2 } }]);
});

test('answers to a verification that was cancelled change nothing', async () => {
  const { store, last, state, answer } = await verifying();
  const { requestId } = last('verify');
  store.cancel();
  expect(last('cancel').requestId).toBe(requestId);
  answer({ type: 'cancelled', requestId });
  answer({ type: 'row-done', requestId, result: benchmarkResult() });
  expect([state().job, state().results]).toEqual([undefined, {}]);
});

test('a model opened from a file takes the place of the run, a second joins it, a third replaces the first', () => {
  const { store, last, state, answer } = opened();
  const open = (id: string) => {
    store.takeFiles(id, [MODEL], 'anything');
    const { requestId } = last('take-files');
    answer({ type: 'networks-opened', requestId, networks: [networkSummary({ id, name: id })] });
  };
  open('a');
  open('b');
  expect([state().subject, state().opened.map(({ id }) => id)]).toEqual(['files', ['a', 'b']]);
  open('c');
  expect(state().opened.map(({ id }) => id)).toEqual(['b', 'c']);
  expect(last('close-networks').networks).toEqual(['a']);
  store.closeOpened('b');
  store.closeOpened('c');
  expect([state().subject, state().opened]).toEqual(['run', []]);
});

test('networks of files that are no longer waited for are closed', () => {
  const { store, last, state, answer } = opened();
  store.takeFiles('a', [MODEL], 'anything');
  const { requestId } = last('take-files');
  store.cancelReading();
  answer({ type: 'networks-opened', requestId, networks: [networkSummary({ id: 'a' })] });
  expect([state().opened, last('close-networks').networks]).toEqual([[], ['a']]);
});

test('a file given to a row is verified immediately, on as many pairs as the table was started with', async () => {
  const { store, last, state, answer } = await verifying();
  for (const row of ['lfw', 'cplfw'] as const) {
    answer({ type: 'row-done', requestId: last('verify').requestId, result: benchmarkResult({ row }) });
  }
  answer({ type: 'verified', requestId: last('verify').requestId });
  store.choose({ pairs: 200 });
  store.takeFiles('lfw.bin', [MODEL], 'pairs', 'lfw');
  const source = { kind: 'file', name: 'lfw.bin' } as const;
  answer({ type: 'benchmark-added', requestId: last('take-files').requestId, row: 'lfw', source, last: true });
  expect([state().results.lfw, state().files.lfw, state().reading]).toEqual([undefined, source, undefined]);
  expect(last('verify')).toMatchObject({ rows: ['lfw'], pairs: 1000 });
  store.removeFile('lfw');
  expect([state().files, last('remove-benchmark').row]).toEqual([{}, 'lfw']);
});

test('a worker that stopped takes its networks and files with it; results and drawn rows stay', async () => {
  const { store, last, state, answer } = await verifying();
  store.addDrawn({ id: 'hadrian', label: 'Hadrian', line: '' });
  const result = benchmarkResult({ row: 'lfw', file: 'lfw.bin' });
  answer({ type: 'row-done', requestId: last('verify').requestId, result });
  store.takeFiles('cplfw.bin', [MODEL], 'pairs', 'cplfw');
  const source = { kind: 'file', name: 'cplfw.bin' } as const;
  answer({ type: 'benchmark-added', requestId: last('take-files').requestId, row: 'cplfw', source, last: true });
  const failure = { code: 'internal', message: 'It stopped.', hint: 'Again.' } as const;
  answer({ type: 'stopped', failure });
  expect(state()).toMatchObject({ job: undefined, opened: [], failure: { message: 'It stopped.' } });
  expect(Object.keys(state().files)).toEqual(['hadrian']);
  const rows = tableRows(state().results, state().files);
  expect(rows.filter((row) => row.added).map(({ label }) => label)).toEqual(['LFW', 'Drawn Hadrian']);
  expect(rows[0]).toMatchObject({ result, source: 'lfw.bin · 1\u202f000 pairs' });
});

test('only networks and files that a fresh worker could not read again are gone; results stay', async () => {
  const { store, last, state, answer } = await verifying();
  const result = benchmarkResult({ row: 'lfw' });
  answer({ type: 'row-done', requestId: last('verify').requestId, result });
  for (const id of ['a', 'b']) {
    store.takeFiles(id, [MODEL], 'anything');
    answer({ type: 'networks-opened', requestId: last('take-files').requestId, networks: [networkSummary({ id })] });
  }
  for (const row of ['cplfw', 'calfw'] as const) {
    store.takeFiles(row, [MODEL], 'pairs', row);
    const source = { kind: 'file', name: row } as const;
    answer({ type: 'benchmark-added', requestId: last('take-files').requestId, row, source, last: true });
  }
  const failure = { code: 'internal', message: 'It was moved.', hint: 'Again.' } as const;
  answer({ type: 'lost', networks: ['a'], rows: ['cplfw'], failure });
  expect([state().subject, state().opened.map(({ id }) => id)]).toEqual(['files', ['b']]);
  expect([Object.keys(state().files), state().failure?.message]).toEqual([['calfw'], 'It was moved.']);
  answer({ type: 'lost', networks: ['b'], rows: [], failure });
  expect([state().subject, state().opened, state().results]).toEqual(['run', [], { lfw: result }]);
});

test('a file that cannot be read is named, and nothing is lost', () => {
  const { store, last, state, answer } = opened();
  store.takeFiles('broken.bin', [MODEL], 'pairs');
  const failure = { code: 'internal', message: 'No pairs.', hint: 'Another file.' } as const;
  answer({ type: 'failed', requestId: last('take-files').requestId, failure });
  expect([state().reading, state().failure?.name]).toEqual([undefined, 'broken.bin']);
  store.dismissFailure();
  expect(state().failure).toBeUndefined();
});

test('two photos are compared by the networks of the table, and an older answer is not taken', async () => {
  const { store, state, last, answer } = await verifying();
  const photos = [new Uint8Array(3), new Uint8Array(3)] as const;
  store.comparePhotos(photos);
  const { requestId, networks } = last('compare-photos');
  expect(networks.map(({ id }) => id)).toEqual(['run/1/standard', 'run/1/craft']);
  const compared = { similarities: [0.25, 0.5], responses: [undefined, undefined] };
  answer({ type: 'photos-compared', requestId, compared });
  expect(state().compared).toBe(compared);
  store.comparePhotos(undefined);
  answer({ type: 'photos-compared', requestId, compared });
  expect(state().compared).toBeUndefined();
});

test('drawn Hadrian is added to the table on request, scored, and removed again', async () => {
  const { store, state, last, answer } = await verifying();
  for (const row of ['lfw', 'cplfw'] as const) {
    answer({ type: 'row-done', requestId: last('verify').requestId, result: benchmarkResult({ row }) });
  }
  answer({ type: 'verified', requestId: last('verify').requestId });
  store.addDrawn({ id: 'hadrian', label: 'Hadrian', line: '' });
  expect(last('verify').rows).toEqual(['hadrian']);
  answer({ type: 'row-done', requestId: last('verify').requestId, result: benchmarkResult({ row: 'hadrian' }) });
  const rows = tableRows(state().results, state().files);
  expect(rows.map(({ id }) => id).slice(6)).toEqual(['ijb-c', 'hadrian']);
  expect(rows.at(-1)).toMatchObject({ label: 'Drawn Hadrian', fromFile: false, added: true });
  expect(rows.at(-1)?.source).toMatch(/^Drawn faces · /);
  store.choose({ chosen: 'hadrian' });
  store.removeFile('hadrian');
  expect(state().chosen).toBe('lfw');
  expect(tableRows(state().results, state().files)).toHaveLength(7);
});
