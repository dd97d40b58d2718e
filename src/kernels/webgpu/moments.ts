import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type ChannelRows, overRows, rowsToSum, typeOf } from './channel-rows.ts';
import { dispatch, release } from './program.ts';

/**
 * Mean and population variance [C] of x [..., C] over all but its last axis. x is read once: each share of the rows sums
 * what is left after its own first row is taken away, so that a large mean costs no digits; the shares are then put
 * together as Chan, Golub and LeVeque do (1983, "Algorithms for computing the sample variance").
 */
export function moments(backend: WebGPUBackend, x: TensorInfo): { mean: TensorInfo; variance: TensorInfo } {
  const constants = rowsToSum(backend, x);
  const { channels, lanes, vectors, shares } = constants;
  const common = { constants, outputLanes: lanes };
  const partials = dispatch(backend, {
    ...common,
    name: 'MomentsOfShares',
    code: momentsOfShares,
    inputs: { x: { tensor: x, lanes } },
    invocations: vectors * shares,
    outputShape: [shares, 2, channels],
  });
  const mean = dispatch(backend, {
    ...common,
    name: 'Mean',
    code: meanOfShares,
    inputs: { partials: { tensor: partials, lanes } },
    invocations: vectors,
    outputShape: [channels],
  });
  const variance = dispatch(backend, {
    ...common,
    name: 'Variance',
    code: varianceOfShares,
    inputs: { partials: { tensor: partials, lanes }, mean: { tensor: mean, lanes } },
    invocations: vectors,
    outputShape: [channels],
  });
  release(backend, partials);
  return { mean, variance };
}

/** How many rows share `share` has. */
function countOf({ rows, shares }: ChannelRows, share: string): string {
  return `f32((${rows - 1} - ${share}) / ${shares} + 1)`;
}

/** [shares, 2, C]: each share's mean, and its sum of squares about that. */
function momentsOfShares(constants: ChannelRows): string {
  const type = typeOf(constants);
  return overRows(
    constants,
    `let shift = x[index];
  var sum = ${type}(0.0);
  var squares = ${type}(0.0);`,
    `let value = x[at] - shift;
    sum = sum + value;
    squares = fma(value, value, squares);`,
    `let mean = sum / ${countOf(constants, 'share')};
  let out = share * ${2 * constants.vectors} + channel;
  result[out] = mean + shift;
  result[out + ${constants.vectors}] = max(squares - sum * mean, ${type}(0.0));`,
  );
}

function meanOfShares(constants: ChannelRows): string {
  const { rows, vectors, shares } = constants;
  return `
fn compute(index : i32) {
  let shift = partials[index];
  var sum = ${typeOf(constants)}(0.0);
  for (var share = 0; share < ${shares}; share = share + 1) {
    sum = sum + (partials[share * ${2 * vectors} + index] - shift) * ${countOf(constants, 'share')};
  }
  result[index] = shift + sum / f32(${rows});
}`;
}

function varianceOfShares(constants: ChannelRows): string {
  const { rows, vectors, shares } = constants;
  return `
fn compute(index : i32) {
  let average = mean[index];
  var sum = ${typeOf(constants)}(0.0);
  for (var share = 0; share < ${shares}; share = share + 1) {
    let at = share * ${2 * vectors} + index;
    let distance = partials[at] - average;
    sum = sum + partials[at + ${vectors}] + distance * distance * ${countOf(constants, 'share')};
  }
  result[index] = sum / f32(${rows});
}`;
}
