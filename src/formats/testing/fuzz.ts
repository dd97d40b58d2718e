import type { FuzzTarget } from './fuzz-targets.ts';
import { type Below, mutated } from './mutations.ts';

/** The outcomes of a number of damaged files. */
export interface FuzzResult {
  readonly read: number;
  readonly refused: number;
  /** Processor time of the slowest file, which a busy machine does not stretch. */
  readonly slowestMs: number;
}

/** Reads `count` damaged files of a format. @throws Error with the file in base64 where anything unexpected happens */
export async function fuzz(target: FuzzTarget, count: number, below: Below): Promise<FuzzResult> {
  let read = 0;
  let slowestMs = 0;
  for (let i = 0; i < count; i++) {
    const bytes = mutated(target.files[below(target.files.length)] ?? new Uint8Array(0), below);
    const started = process.cpuUsage();
    try {
      await target.read(bytes);
      read++;
    } catch (error) {
      if (!target.expected(error)) {
        throw new Error(`${target.name}, file ${i}: ${Buffer.from(bytes).toString('base64')}`, { cause: error });
      }
    }
    const { user, system } = process.cpuUsage(started);
    slowestMs = Math.max(slowestMs, (user + system) / 1000);
  }
  return { read, refused: count - read, slowestMs };
}
