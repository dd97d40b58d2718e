import type { RunsReply, RunsRequest } from './protocol.ts';
import { RunKeeper } from './run-keeper.ts';
import { runsBusy } from './run-locks.ts';
import { RunShelf } from './run-shelf.ts';

const keeper = new RunKeeper(new RunShelf({ busy: runsBusy }), async () => {
  const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {};
  return { used: usage, quota };
});

self.onmessage = ({ data: { requestId, command } }: MessageEvent<RunsRequest>) => {
  void keeper.answer(command).then((answer) => {
    const transfer = answer.type === 'file' ? [answer.file.bytes.buffer] : [];
    self.postMessage({ requestId, answer } satisfies RunsReply, { transfer });
  });
};
