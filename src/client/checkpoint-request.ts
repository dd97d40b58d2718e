import type { Problem } from '../config/problem.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { Message } from '../worker/protocol.ts';
import type { RunClient } from './run-client.ts';

/** The answer to the request: a checkpoint, or the reason why there is none. */
type CheckpointAnswer = { readonly checkpoint: Checkpoint } | { readonly failure: Pick<Problem, 'message' | 'hint'> };

let count = 0;

/**
 * Asks the worker for a checkpoint of the next step boundary. `take` is called while the answer is delivered, before
 * any later message of the run; the promise rejects with its error.
 */
export function askForCheckpoint<Taken>(client: RunClient, take: (answer: CheckpointAnswer) => Taken): Promise<Taken> {
  const requestId = `checkpoint-${++count}`;
  return new Promise((resolve, reject) => {
    const end = client.subscribe((message) => {
      const answer = answerIn(message, requestId);
      if (answer === undefined) return;
      end();
      try {
        resolve(take(answer));
      } catch (error) {
        reject(error);
      }
    });
    client.post({ type: 'request-checkpoint', requestId });
  });
}

function answerIn(message: Message, requestId: string): CheckpointAnswer | undefined {
  if (message.type === 'engine-failed') return { failure: message.failure };
  if (message.type !== 'checkpoint' && message.type !== 'checkpoint-failed') return undefined;
  if (message.requestId !== requestId) return undefined;
  return message.type === 'checkpoint' ? { checkpoint: message.checkpoint } : { failure: message.failure };
}
