import type { RunConfig } from '../config/run-config.ts';
import type { Engine, EngineInfo } from '../network/backend.ts';

export type OpenEngine = (preference: RunConfig['backend'], variants?: EngineInfo['variants']) => Promise<Engine>;

/** The backend asked for and, of a run that is resumed, the variants of its kernels. */
export interface WantedEngine {
  readonly backend: RunConfig['backend'];
  readonly variants?: EngineInfo['variants'];
}

/** The engine of a worker: kept open for as long as the same one is wanted. */
export class EngineSlot {
  readonly #openEngine: OpenEngine;
  readonly #lost: (technical: string) => void;
  #there: { readonly wanted: string; readonly opened: Promise<Engine> } | undefined;

  /** `lost` receives the device's words when it failed, unless another engine has taken its place. */
  constructor(openEngine: OpenEngine, lost: (technical: string) => void) {
    this.#openEngine = openEngine;
    this.#lost = lost;
  }

  /** Without variants those for the kind of adapter are used. @throws EngineError */
  async open({ backend, variants }: WantedEngine): Promise<Engine> {
    const wanted = JSON.stringify([backend, variants]);
    if (this.#there?.wanted !== wanted) {
      const opened = this.#openEngine(backend, variants);
      this.#there = { wanted, opened };
      void opened.then(
        async ({ failed }) => {
          const technical = await failed;
          if (this.#there?.opened === opened) this.#lost(technical);
        },
        () => {},
      );
    }
    try {
      return await this.#there.opened;
    } catch (error) {
      this.#there = undefined;
      throw error;
    }
  }
}
