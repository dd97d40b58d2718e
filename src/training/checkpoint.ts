import type { Arm } from '../config/arm.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { NetworkState } from '../network/network-state.ts';

/** An arm with its network as it is after some steps. */
export interface SavedArm extends Arm {
  /** With the optimiser's slots, so that training resumes bit for bit. */
  readonly state: NetworkState;
}

/** Everything a run needs to resume exactly where it was; batches and random numbers follow from step and seed. */
export interface Checkpoint {
  readonly config: RunConfig;
  /** Steps finished. */
  readonly step: number;
  readonly arms: readonly SavedArm[];
}
