import { type Arm, armConfig, armProblem, armsOf } from '../config/arm.ts';
import { stream } from '../config/random.ts';
import { learningRateAt, weightDecayAt } from '../config/rates.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { KernelShape } from '../craft/filter-bank.ts';
import { reactivate } from '../craft/reactivation.ts';
import { resetBatchNorm, resetSlot } from '../craft/resets.ts';
import { channelsOf, gatherChannels } from '../craft/response.ts';
import { architectureOf, firstKernelShape } from '../network/architecture.ts';
import { FaceNetwork, type NetworkBatch } from '../network/face-network.ts';
import { recipeOf } from '../network/recipe.ts';
import type { Checkpoint, SavedArm } from './checkpoint.ts';
import type { StartedArm } from './events.ts';
import { RunFailure } from './failure.ts';
import type { ArmOrder, Check } from './trained-arms.ts';

/** An arm with its network, trained side by side with others. */
export class TrainedArm {
  readonly #arm: Arm;
  readonly network: FaceNetwork;

  constructor(arm: Arm, network: FaceNetwork) {
    this.#arm = arm;
    this.network = network;
  }

  get name(): string {
    return this.#arm.name;
  }

  /** [k, k, channels, filters] of the first layer. */
  get kernelShape(): KernelShape {
    return firstKernelShape(this.network.architecture);
  }

  /** The part of a run's first event that describes the arm. */
  get started(): StartedArm {
    return { ...this.#arm, kernelShape: this.kernelShape, parameters: this.network.parameterCount };
  }

  /** Its part of a checkpoint. */
  async saved(): Promise<SavedArm> {
    return { ...this.#arm, state: await this.network.exportState() };
  }

  /** Step `step` (0, 1, 2, ...) of the run, enqueued. */
  trainStep(batch: NetworkBatch, step: number, run: RunConfig): void {
    const config = armConfig(run, this.#arm);
    const { dropout: share, seed } = config;
    this.network.trainStep(batch, learningRateAt(step, config), {
      weightDecay: weightDecayAt(step, config),
      dropout: share === 0 ? undefined : { share, uniform: stream(seed, 'dropout', step) },
    });
  }

  /**
   * One CRAFT check after `step` finished steps: finds inactive first-layer filters, draws new ones and resets the
   * state that would kill them again. Writes nothing where no filter is inactive, so that the arm stays bit-identical
   * until then.
   */
  async check(step: number, run: RunConfig): Promise<Check> {
    const config = armConfig(run, this.#arm);
    const layer = await this.network.readFirstLayer();
    const { gamma, movingVariance, momentum, slope } = layer;
    const { epsilon } = this.network.architecture;
    const batchNorm = { gamma, movingVariance, epsilon };
    const uniform = stream(config.seed, 'reactivation', step);
    const found = reactivate(layer.kernel, this.kernelShape, config, uniform, batchNorm);
    const reset = resetBatchNorm(layer, found.filters, found.active, config);
    if (found.filters.length > 0) {
      const slot = (values: Float32Array) => resetSlot(values, gamma.length, found.filters, config);
      this.network.writeFirstLayer({
        kernel: found.kernel,
        ...reset,
        momentum: { kernel: slot(momentum.kernel), gamma: slot(momentum.gamma), beta: slot(momentum.beta) },
      });
    }
    return {
      strategy: config.strategy,
      filters: found.filters,
      ...(found.skipped === undefined ? {} : { skipped: found.skipped }),
      before: found.before,
      after: found.after,
      donors: found.donors,
      values: found.values,
      channelsBefore: [...gatherChannels(channelsOf(layer, epsilon), found.filters)],
      channelsAfter: [...gatherChannels(channelsOf({ ...reset, slope }, epsilon), found.filters)],
    };
  }
}

/**
 * The networks of a run, with the same first weights where their shapes agree, or as a checkpoint has them.
 * @throws NetworkStateError where the checkpoint is not of such a run; Error where it lacks an arm (`assertArms`)
 */
export function trainedArms({ arms, run, identities, from }: ArmOrder): readonly TrainedArm[] {
  const built: TrainedArm[] = [];
  try {
    for (const arm of arms) {
      const config = armConfig(run, arm);
      const network = FaceNetwork.create(architectureOf(config, identities), recipeOf(config), config.seed);
      const trained = new TrainedArm(arm, network);
      built.push(trained);
      if (from !== undefined) putInPlace(from, trained);
    }
    return built;
  } catch (error) {
    for (const { network } of built) network.dispose();
    throw error;
  }
}

function putInPlace(from: Checkpoint, { name, network }: TrainedArm): void {
  const saved = from.arms.find((arm) => arm.name === name);
  if (saved === undefined) throw new Error(`The checkpoint has no arm "${name}".`);
  network.importState(saved.state);
}

/** @throws RunFailure `bad-config` where these cannot be the arms of a run, or of one that resumes from a checkpoint */
export function assertArms(arms: readonly Arm[], from: Checkpoint | undefined): void {
  const message = armProblem(arms);
  if (message !== undefined) {
    throw new RunFailure({ code: 'bad-config', message, hint: 'Change the arms, then start again.' });
  }
  if (from === undefined) return;
  const unsaved = arms.find(({ name }) => !from.arms.some((saved) => saved.name === name));
  if (unsaved === undefined) return;
  throw new RunFailure({
    code: 'bad-config',
    message: `The run cannot resume from step ${from.step}: its arm "${unsaved.name}" was not saved.`,
    hint: `Choose the ${from.arms.map((arm) => arm.name).join(' and ')} arm alone, or start again.`,
  });
}

/** The arms of a checkpoint that a config's own setting cannot name. */
export function armsOfCheckpoint(from: Checkpoint | undefined): readonly Arm[] | undefined {
  const own = from?.arms.some(({ name }) => !armsOf({ arms: 'both' }).some((arm) => arm.name === name));
  return own ? from?.arms.map(({ name, settings }) => ({ name, settings })) : undefined;
}
