import { assertNever } from '../../config/assert-never.ts';
import { BenchmarkShelf } from './benchmark-shelf.ts';
import { failureOf } from './failure.ts';
import { NetworkShelf } from './network-shelf.ts';
import type { VerificationCommand, VerificationMessage } from './protocol.ts';
import { takeFiles } from './take-files.ts';
import { Verifier } from './verifier.ts';

const networks = new NetworkShelf();
const benchmarks = new BenchmarkShelf();
const verifier = new Verifier(networks, benchmarks, post);
/** Running work, by request. */
const running = new Map<number, AbortController>();

/** Carries out the page's commands to the worker that verifies. */
export function receive(command: VerificationCommand): void {
  const controller = new AbortController();
  if (command.type !== 'cancel') running.set(command.requestId, controller);
  void handle(command, controller.signal)
    .catch((error: unknown) => {
      if (controller.signal.aborted) post({ type: 'cancelled', requestId: command.requestId });
      else post({ type: 'failed', requestId: command.requestId, failure: failureOf(error) });
    })
    .finally(() => {
      if (running.get(command.requestId) === controller) running.delete(command.requestId);
    });
}

function post(message: VerificationMessage): void {
  const transfer = message.type === 'row-done' ? [message.result.pictures.images.buffer] : [];
  self.postMessage(message, { transfer });
}

async function handle(command: VerificationCommand, signal: AbortSignal): Promise<void> {
  const { requestId } = command;
  switch (command.type) {
    case 'open-run':
      return post({ type: 'networks-opened', requestId, networks: networks.addRun(requestId, command.checkpoint) });
    case 'take-files':
      return takeFiles(command, networks, benchmarks, signal, post);
    case 'close-networks':
      for (const id of command.networks) networks.close(id);
      return;
    case 'remove-benchmark':
      return benchmarks.remove(command.row);
    case 'verify':
      await verifier.verify(command, signal);
      return post({ type: 'verified', requestId });
    case 'compare-photos':
      return post({ type: 'photos-compared', requestId, compared: await verifier.compare(command, signal) });
    case 'cancel':
      return running.get(requestId)?.abort();
    default:
      assertNever(command);
  }
}
