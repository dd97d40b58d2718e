import type { RunConfig } from '../config/run-config.ts';
import type { MarginHead } from '../kernels/operations.ts';

/** How the network is trained, but for the learning rate, which changes from step to step. */
export interface Recipe {
  readonly head: MarginHead;
  readonly momentum: number;
  /** L2 on every parameter, unless a step says otherwise. */
  readonly weightDecay: number;
  /** Whether scales and shifts of batch norm decay too. */
  readonly decayBatchNorm: boolean;
  /** Largest L2 norm of the backbone's gradient; 0 switches the clip off. */
  readonly clipNorm: number;
}

/** The recipe a config asks for. */
export function recipeOf(
  config: Pick<
    RunConfig,
    'head' | 'scale' | 'margin' | 'arcfaceGradient' | 'momentum' | 'weightDecay' | 'decayBatchNorm' | 'clipNorm'
  >,
): Recipe {
  const { head, scale, margin, arcfaceGradient, momentum, weightDecay, decayBatchNorm, clipNorm } = config;
  const margins = { kind: head, scale, margin, gradient: arcfaceGradient };
  return { head: margins, momentum, weightDecay, decayBatchNorm, clipNorm };
}
