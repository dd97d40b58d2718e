import { trainingClient } from '../../client/training-client.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';

let count = 0;

/**
 * What the networks of the page's run have come to, also while it trains: taken at the next step boundary. Of a run that
 * cannot answer any more, the newest checkpoint it left.
 * Rejects with an Error whose message says why there is none, and what to do.
 */
export function requestCheckpoint(runId: string): Promise<Checkpoint> {
  const requestId = `verify-${++count}`;
  return new Promise((resolve, reject) => {
    const refuse = ({ message, hint }: { readonly message: string; readonly hint: string }) => {
      const kept = trainingClient.checkpointOf(runId);
      if (kept === undefined) reject(new Error(`${message} ${hint}`));
      else resolve(kept);
    };
    const end = trainingClient.subscribe((message) => {
      if (message.type === 'checkpoint' && message.requestId === requestId) resolve(message.checkpoint);
      else if (message.type === 'checkpoint-failed' && message.requestId === requestId) refuse(message.failure);
      else if (message.type === 'engine-failed') refuse(message.failure);
      else return;
      end();
    });
    trainingClient.post({ type: 'request-checkpoint', requestId });
  });
}
