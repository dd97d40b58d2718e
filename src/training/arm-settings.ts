import { type Arm, armConfig } from '../config/arm.ts';
import type { RunConfig } from '../config/run-config.ts';
import { isCheck } from '../craft/schedule.ts';

/** The settings of an arm through its run, and whether its first layer is checked; knows nothing of its network. */
export class ArmSettings {
  readonly #arm: Arm;
  /** Whether its filters are checked; `switchCraft` changes it. */
  #checked: boolean;

  /** `run` holds the run's settings at its last step. */
  constructor(arm: Arm, run: RunConfig) {
    this.#arm = arm;
    this.#checked = this.of(run).craft;
  }

  get name(): string {
    return this.#arm.name;
  }

  /** The settings it trains with, in a run of these settings. */
  of(run: RunConfig): RunConfig {
    return armConfig(run, this.#arm);
  }

  /** Takes over whether CRAFT is on; says whether that changed anything. */
  switchCraft(run: RunConfig): boolean {
    const before = this.#checked;
    this.#checked = this.of(run).craft;
    return this.#checked !== before;
  }

  /** Whether its first layer is checked after `step` finished steps. */
  isDue(step: number, run: RunConfig): boolean {
    return this.#checked && isCheck(step, run.steps, this.of(run));
  }
}
