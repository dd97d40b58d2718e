import type { RunConfig } from '../config/run-config.ts';
import type { Gate } from '../training/gate.ts';
import type { Session } from '../training/session.ts';
import type { Command } from './protocol.ts';

/** A run from the wish to start it until its last event. */
export interface HostedRun {
  readonly runId: string;
  config: RunConfig;
  readonly arms: Extract<Command, { type: 'start' }>['arms'];
  /** Pause, step and stop, from before its session is there to after its end. */
  readonly gate: Gate;
  session?: Session;
  /** Whether its first step is done; some of its faces may still be drawn. */
  trains: boolean;
  /** `finished` once its last event is sent, `failed` where it cannot be resumed. */
  phase: 'under-way' | 'finished' | 'failed';
  /** Requests of the page that the next checkpoint answers. */
  readonly requests: string[];
  /** While the networks of the finished run are read; they are not freed before. */
  reading: Promise<unknown> | undefined;
  ended: Promise<void>;
}
