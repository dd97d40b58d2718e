import { expect, test, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import type { VerificationCommand, VerificationMessage } from '../worker/verification/protocol.ts';
import { StudyTests } from './study-tests.ts';

const checkpoint = { config: { ...DEFAULT_CONFIG, verifyPairs: 60 }, step: 10, arms: [] };
const FAILURE = { code: 'internal', message: 'Image 3 is damaged.', hint: 'Drop another file.' } as const;
const DRAWN = { name: 'Drawn IJB-B', data: 'synthetic:ijb-b' };
const LFW = { name: 'LFW (lfw.bin)', data: 'lfw.bin' };
const files = [{ path: 'lfw.bin', file: new File(['x'], 'lfw.bin') }];

/** Tests whose worker is played by the test: the last command of a kind is answered by hand. */
function played() {
  const posted: VerificationCommand[] = [];
  let receive: (message: VerificationMessage) => void = () => {};
  const tests = new StudyTests((listener) => {
    receive = listener;
    return { post: (command) => posted.push(command) };
  });
  const last = <Type extends VerificationCommand['type']>(type: Type, count = 1) =>
    vi.waitFor(() => {
      const found = posted.filter(
        (command): command is Extract<VerificationCommand, { type: Type }> => command.type === type,
      );
      expect(found).toHaveLength(count);
      const command = found.at(-1);
      if (command === undefined) throw new Error(`There is no ${type}.`);
      return command;
    });
  const added = (requestId: number, row: 'file-1' | 'lfw', isLast = true) =>
    receive({
      type: 'benchmark-added',
      requestId,
      row,
      source: { kind: 'file', name: 'lfw.bin', found: '600 pairs' },
      last: isLast,
    });
  const opened = async (count: number) => {
    const { requestId } = await last('open-run', count);
    const summary = {
      id: `run/${count}/blend`,
      name: 'blend',
      detail: '',
      size: 32,
      region: 'tight',
      coded: false,
    } as const;
    receive({ type: 'networks-opened', requestId, networks: [summary] });
    return last('verify', count);
  };
  return { tests, posted, last, added, opened, receive: (message: VerificationMessage) => receive(message) };
}

function rowDone(requestId: number, row: 'ijb-b' | 'file-1', headline: number, protocol: 'pairs' | 'templates') {
  const arm = { headline, auc: 1, eer: 0, tars: [], threshold: 0 };
  const drawn = { roc: { far: new Float32Array(0), tar: new Float32Array(0) }, histogram: {} };
  const rest = { pairsAsGiven: true, pairs: 60, samePairs: 30, images: 9, hardest: [], milliseconds: 1 };
  const result: unknown = { row, source: {}, protocol, ...rest, arms: [{ ...arm, ...drawn }] };
  return { type: 'row-done', requestId, result } as Extract<VerificationMessage, { type: 'row-done' }>;
}

test('a network is scored on drawn benchmarks and files, each under its own name', async () => {
  const { tests, last, added, opened, receive } = played();
  expect(tests.missing([DRAWN, LFW])).toEqual([LFW]);
  const taken = tests.take('lfw.bin', files);
  const { requestId, row, as } = await last('take-files');
  expect([row, as]).toEqual(['file-1', 'pairs']);
  added(requestId, 'file-1');
  expect(await taken).toBe('600 pairs');
  expect(tests.missing([DRAWN, LFW])).toEqual([]);

  const scored = tests.score({ checkpoint, evaluations: [DRAWN, LFW], backend: 'wasm' });
  const verify = await opened(1);
  expect(verify).toMatchObject({ rows: ['ijb-b', 'file-1'], pairs: 60, backend: 'wasm' });
  expect(verify.networks.map(({ id }) => id)).toEqual(['run/1/blend']);
  receive(rowDone(verify.requestId, 'ijb-b', 0.4, 'templates'));
  receive(rowDone(verify.requestId, 'file-1', 0.7, 'pairs'));
  receive({ type: 'verified', requestId: verify.requestId });
  expect(await scored).toEqual([
    { measure: 'tar', benchmark: 'Drawn IJB-B', value: 0.4, pairs: 60 },
    { measure: 'accuracy', benchmark: 'LFW (lfw.bin)', value: 0.7, pairs: 60 },
  ]);
});

test('networks are scored one after the other, also after one that failed', async () => {
  const { tests, posted, opened, receive } = played();
  const order = { checkpoint, evaluations: [DRAWN], backend: 'wasm' } as const;
  const [first, second] = [tests.score(order), tests.score(order)];
  const verify = await opened(1);
  expect(posted.filter(({ type }) => type === 'open-run')).toHaveLength(1);
  receive({ type: 'row-failed', requestId: verify.requestId, row: 'ijb-b', failure: FAILURE });
  await expect(first).rejects.toMatchObject({ message: 'Image 3 is damaged.' });
  const again = await opened(2);
  receive(rowDone(again.requestId, 'ijb-b', 0.5, 'templates'));
  receive({ type: 'verified', requestId: again.requestId });
  expect(await second).toMatchObject([{ value: 0.5 }]);
});

test.each([
  { type: 'stopped', failure: FAILURE },
  { type: 'lost', networks: [], rows: ['file-1'], failure: FAILURE },
] as const)('a worker that $type is given the file again; a file that is not here is named', async (loss) => {
  const { tests, last, added, opened, receive } = played();
  const missing = tests.score({ checkpoint, evaluations: [LFW], backend: 'wasm' });
  await expect(missing).rejects.toMatchObject({ message: 'lfw.bin for the evaluation "LFW (lfw.bin)" is not here.' });
  const taken = tests.take('lfw.bin', files);
  added((await last('take-files')).requestId, 'file-1');
  await taken;
  const lost = tests.score({ checkpoint, evaluations: [LFW], backend: 'wasm' });
  await opened(1);
  receive(loss);
  await expect(lost).rejects.toMatchObject({ message: 'Image 3 is damaged.' });
  void tests.score({ checkpoint, evaluations: [LFW], backend: 'wasm' });
  const { requestId } = await last('take-files', 2);
  added(requestId, 'file-1');
  expect((await opened(2)).rows).toEqual(['file-1']);
});

test('a folder of several sets is refused, and takes no place of a drawn benchmark', async () => {
  const { tests, last, added } = played();
  const taken = tests.take('many', files);
  const { requestId } = await last('take-files');
  added(requestId, 'file-1', false);
  added(requestId, 'lfw');
  await expect(taken).rejects.toMatchObject({ message: 'many holds 2 sets of pairs.' });
  expect((await last('remove-benchmark')).row).toBe('lfw');
});

test('the reading of a file can be ended, and the file can be taken again', async () => {
  const { tests, last, added } = played();
  const ending = new AbortController();
  const taken = tests.take('lfw.bin', files, ending.signal);
  const { requestId } = await last('take-files');
  ending.abort();
  await expect(taken).rejects.toMatchObject({ code: 'cancelled' });
  expect(await last('cancel')).toEqual({ type: 'cancel', requestId });
  // Its answer comes too late.
  added(requestId, 'file-1');
  expect(tests.missing([LFW])).toEqual([LFW]);
  const again = tests.take('lfw.bin', files);
  added((await last('take-files', 2)).requestId, 'file-1');
  expect(await again).toBe('600 pairs');
});
