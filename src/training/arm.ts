import { stream } from '../config/random.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { KernelShape } from '../craft/filter-bank.ts';
import { reactivate } from '../craft/reactivation.ts';
import { resetBatchNorm, resetSlot } from '../craft/resets.ts';
import { firstKernelShape } from '../network/architecture.ts';
import type { FaceNetwork } from '../network/face-network.ts';
import type { ArmName } from '../record/arm.ts';
import type { ReactivationEvent } from './events.ts';

type Check = Omit<ReactivationEvent, 'type' | 'runId' | 'arm' | 'step'>;

/** One of the networks that are trained side by side. */
export class Arm {
  constructor(
    readonly name: ArmName,
    readonly network: FaceNetwork,
  ) {}

  /** [k, k, channels, filters] of the first layer. */
  get kernelShape(): KernelShape {
    return firstKernelShape(this.network.architecture);
  }

  /**
   * One CRAFT check after `step` finished steps: finds inactive first-layer filters, draws new ones and resets what
   * would kill them again. Writes nothing where no filter is inactive, so that the arm stays bit-identical until then.
   */
  async check(step: number, config: RunConfig): Promise<Check> {
    const layer = await this.network.readFirstLayer();
    const { gamma, movingVariance, momentum } = layer;
    const batchNorm = { gamma, movingVariance, epsilon: this.network.architecture.epsilon };
    const uniform = stream(config.seed, 'reactivation', step);
    const found = reactivate(layer.kernel, this.kernelShape, config, uniform, batchNorm);
    if (found.filters.length > 0) {
      const slot = (values: Float32Array) => resetSlot(values, gamma.length, found.filters, config);
      this.network.writeFirstLayer({
        kernel: found.kernel,
        ...resetBatchNorm(layer, found.filters, found.active, config),
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
    };
  }
}
