import { concat1d, tidy } from '@tensorflow/tfjs-core';
import { channelsOf } from '../craft/response.ts';
import type { MeasuredFirstLayer } from '../network/first-layer-use.ts';
import type { TrainedArm } from './trained-arm.ts';

/** The readings of an arm at a telemetry tick. */
export interface ArmReading extends MeasuredFirstLayer {
  readonly loss: number;
  readonly accuracy: number;
}

/** Reads all arms in one transfer: a read-back costs the same whether it brings ten numbers or ten thousand. */
export async function readTelemetry(arms: readonly TrainedArm[], withKernel: boolean): Promise<ArmReading[]> {
  const packed = tidy(() => concat1d(arms.map((arm) => arm.network.telemetry({ kernel: withKernel }))));
  const values = Float32Array.from(await packed.data<'float32'>());
  packed.dispose();
  let from = 0;
  return arms.map(({ kernelShape: [height, width, channels, filters], network }) => {
    const start = from;
    const kernel = withKernel ? height * width * channels * filters : 0;
    from += 2 + 4 * filters + kernel + (withKernel ? 5 * filters : 0);
    return unpack(values.subarray(start, from), filters, kernel, network.architecture.epsilon);
  });
}

/**
 * Layout: loss, accuracy, norms [F], maxAbs [F], foldedNorms [F], contributions [F], then `kernel` weights, if any, and
 * gamma, beta, mean, variance and slope [F each].
 */
function unpack(values: Float32Array<ArrayBuffer>, filters: number, kernel: number, epsilon: number): ArmReading {
  const behind = 2 + 4 * filters + kernel;
  const row = (index: number, from = 2) => values.slice(from + index * filters, from + (index + 1) * filters);
  const norms = row(0);
  const maxAbs = row(1);
  const foldedNorms = row(2);
  const foldedMaxAbs = maxAbs.map((largest, f) => {
    const norm = norms[f] ?? 0;
    return norm === 0 ? 0 : (largest * (foldedNorms[f] ?? 0)) / norm;
  });
  return {
    loss: values[0] ?? Number.NaN,
    accuracy: values[1] ?? 0,
    activity: { norms, maxAbs, foldedNorms, foldedMaxAbs },
    contributions: row(3),
    ...(kernel === 0
      ? {}
      : {
          kernel: values.slice(2 + 4 * filters, behind),
          channels: channelsOf(
            {
              gamma: row(0, behind),
              beta: row(1, behind),
              movingMean: row(2, behind),
              movingVariance: row(3, behind),
              slope: row(4, behind),
            },
            epsilon,
          ),
        }),
  };
}
