import type { RunHistory } from '../record/run-history.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { RunRecord } from './run-record.ts';
import { RunFileError } from './runs-client.ts';
import { trainingClient } from './training-client.ts';

/** A run at a step boundary: what it has measured, and where it can go on from. */
export interface RunSnapshot {
  readonly history: RunHistory;
  readonly checkpoint: Checkpoint;
}

/** Runs that can be written: a checkpoint can be had of them. */
export function isSavable(run: RunRecord | undefined): boolean {
  if (run?.started === undefined) return false;
  return run.phase !== 'preparing' && (run.phase !== 'failed' || keptCheckpoint(run) !== undefined);
}

/**
 * Asks for the run as it stands at the next step boundary, also in mid-run; of a run that has failed as its last
 * checkpoint has it. Both parts are of the same step: the worker's messages come in order.
 * @throws RunFileError
 */
export async function takeSnapshot(run: RunRecord): Promise<RunSnapshot> {
  const kept = run.restingFrom ?? (run.phase === 'failed' ? keptCheckpoint(run) : undefined);
  if (kept !== undefined) return withHistory(run, kept);
  if (run.phase === 'failed') throw new RunFileError(NOTHING_YET);
  const requestId = `snapshot-${Math.random().toString(36).slice(2)}`;
  return new Promise((resolve, reject) => {
    const end = trainingClient.subscribe((message) => {
      if (message.type === 'checkpoint' && message.requestId === requestId) {
        end();
        try {
          resolve(withHistory(run, message.checkpoint));
        } catch (error) {
          reject(error);
        }
      } else if (message.type === 'checkpoint-failed' && message.requestId === requestId) {
        end();
        // A fresh worker knows nothing of a finished run; the page has its last checkpoint.
        const last = keptCheckpoint(run);
        if (last !== undefined) resolve(withHistory(run, last));
        else reject(new RunFileError({ ...message.failure, code: 'internal' }));
      } else if (message.type === 'engine-failed') {
        end();
        reject(new RunFileError({ ...message.failure, code: 'internal' }));
      }
    });
    trainingClient.post({ type: 'request-checkpoint', requestId });
  });
}

const NOTHING_YET = {
  code: 'gone',
  message: 'The run failed before its first checkpoint, so there is nothing to save.',
  hint: 'Start it again.',
} as const;

function keptCheckpoint(run: RunRecord): Checkpoint | undefined {
  return run.restingFrom ?? trainingClient.checkpointOf(run.runId);
}

function withHistory(run: RunRecord, checkpoint: Checkpoint): RunSnapshot {
  const history = run.history();
  if (history === undefined) throw new RunFileError(NOTHING_YET);
  return { history, checkpoint };
}
