import type { RunsAnswer, RunsReply, RunsRequest } from './protocol.ts';
import { RunKeeper } from './run-keeper.ts';
import { runsBusy } from './run-locks.ts';
import { RunShelf } from './run-shelf.ts';

/** Which runs a keeper keeps: those of the Train screen, or those of studies. Its worker is started under this name. */
export type RunsKept = 'runs' | 'study-runs';

/** A study has up to a hundred seeds, each a run. */
const STUDY = { database: 'craft-study-runs', limit: 2 ** 31, most: 400 } as const;

const shelf = new RunShelf({ busy: runsBusy, ...(self.name === ('study-runs' satisfies RunsKept) ? STUDY : {}) });
const keeper = new RunKeeper(shelf, async () => {
  const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {};
  return { used: usage, quota };
});

self.onmessage = ({ data: { requestId, command } }: MessageEvent<RunsRequest>) => {
  const reply = (answer: RunsAnswer) =>
    self.postMessage({ requestId, answer } satisfies RunsReply, { transfer: movedWith(answer) });
  void keeper.answer(command, reply).then(reply);
};

/** The buffers that move to the page instead of being copied. */
function movedWith(answer: RunsAnswer): ArrayBuffer[] {
  if (answer.type === 'file') return [answer.file.bytes.buffer];
  if (answer.type !== 'study') return [];
  const { runs, scores, rows } = answer.study;
  return [rows.words, rows.numbers, ...runs.values(), ...scores.values()].map((array) => array.buffer);
}
