import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf } from '../kernel-call.ts';
import { overRows, rowsToMap, sizesOf, typeOf } from './channel-rows.ts';
import { moments } from './moments.ts';
import { dispatch, type Lanes, type ProgramInput, webgpuOf } from './program.ts';

type After = 'slope' | 'residual' | 'neither';

interface BatchNorm {
  readonly lanes: Lanes;
  readonly epsilon: number;
  readonly after: After;
}

/** BatchNorm, BatchNormPRelu, BatchNormAdd: statistics in one pass over x, then x to y in another. */
export function batchNorm(call: KernelCall): TensorInfo[] {
  const { mean, variance } = moments(webgpuOf(call), inputOf(call, 'x'));
  return [normalise(call, mean, variance), mean, variance];
}

/** BatchNormInfer. */
export function batchNormInfer(call: KernelCall): TensorInfo {
  return normalise(call, inputOf(call, 'mean'), inputOf(call, 'variance'));
}

function normalise(call: KernelCall, mean: TensorInfo, variance: TensorInfo): TensorInfo {
  const backend = webgpuOf(call);
  const x = inputOf(call, 'x');
  const after: After = call.inputs.slope ? 'slope' : call.inputs.residual ? 'residual' : 'neither';
  const shared = rowsToMap(backend, x);
  const of = (tensor: TensorInfo): ProgramInput => ({ tensor, lanes: shared.lanes });
  return dispatch(backend, {
    name: 'BatchNorm',
    constants: { lanes: shared.lanes, epsilon: numberOf(call, 'epsilon'), after },
    sizes: sizesOf(shared),
    code: batchNormOf,
    inputs: {
      x: of(x),
      mean: of(mean),
      variance: of(variance),
      gamma: of(inputOf(call, 'gamma')),
      beta: of(inputOf(call, 'beta')),
      ...(after === 'neither' ? {} : { [after]: of(inputOf(call, after)) }),
    },
    invocations: shared.vectors * shared.shares,
    outputShape: x.shape,
    outputLanes: shared.lanes,
  });
}

function batchNormOf(constants: BatchNorm): string {
  const { epsilon, after } = constants;
  const type = typeOf(constants);
  return overRows(
    `let average = mean[channel];
  let scale = gamma[channel] / sqrt(variance[channel] + ${type}(${epsilon}));
  let shift = beta[channel];
  ${after === 'slope' ? 'let negative = slope[channel];' : ''}`,
    `let z = fma(x[at] - average, scale, shift);
    result[at] = ${{ slope: `select(negative * z, z, z > ${type}(0.0))`, residual: 'z + residual[at]', neither: 'z' }[after]};`,
  );
}
