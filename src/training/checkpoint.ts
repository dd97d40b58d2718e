import type { RunConfig } from '../config/run-config.ts';
import type { NetworkState } from '../network/network-state.ts';
import type { ArmName } from '../record/arm.ts';

/** Everything a run needs to go on exactly where it was; batches and random numbers follow from step and seed. */
export interface Checkpoint {
  readonly config: RunConfig;
  /** Steps finished. */
  readonly step: number;
  readonly arms: readonly { readonly name: ArmName; readonly state: NetworkState }[];
}
