import type { StartMember, ThreadTeam } from './wasm/team.ts';

/** How an engine gets threads that share a training step. */
export interface StepThreads {
  readonly start: StartMember;
  /** tfjs's module `SIMD_MODULE`. */
  readonly readModule: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** The threads of the wasm backend, which must be the current one; nothing where steps cannot be shared. */
export async function stepTeam(): Promise<ThreadTeam | undefined> {
  const team = await (await import('./wasm/kernels.ts')).currentTeam();
  return team?.grows ? team : undefined;
}
