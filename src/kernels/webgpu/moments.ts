import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type ChannelRows, overRows, rowsToSum, typeOf } from './channel-rows.ts';
import { dispatch, release } from './program.ts';

/** Pieces that one invocation puts together; more are put together in two steps. */
const AT_ONCE = 64;

/**
 * Mean and population variance [C] of x [..., C] over all but its last axis. x is read once: each share of the rows sums
 * what is left after its own first row is taken away, so that a large mean costs no digits; the shares are then put
 * together as Chan, Golub and LeVeque do (1983, "Algorithms for computing the sample variance").
 */
export function moments(backend: WebGPUBackend, x: TensorInfo): { mean: TensorInfo; variance: TensorInfo } {
  const constants = rowsToSum(backend, x);
  const { channels, lanes, vectors, shares } = constants;
  const common = { constants, outputLanes: lanes };
  const ofShares = dispatch(backend, {
    ...common,
    name: 'MomentsOfShares',
    code: momentsOfShares,
    inputs: { x: { tensor: x, lanes } },
    invocations: vectors * shares,
    outputShape: [shares, 2, channels],
  });
  // One after the other, a thousand shares would keep a handful of invocations busy for long.
  const width = shares > AT_ONCE ? Math.ceil(Math.sqrt(shares)) : 1;
  const pieces = Math.ceil(shares / width);
  const partials =
    width === 1
      ? ofShares
      : dispatch(backend, {
          ...common,
          name: 'MomentsOfGroups',
          constants: { ...constants, width },
          code: momentsOfGroups,
          inputs: { shares: { tensor: ofShares, lanes } },
          invocations: vectors * pieces,
          outputShape: [pieces, 2, channels],
        });
  const last = { ...common, constants: { ...constants, width }, invocations: vectors, outputShape: [channels] };
  const mean = dispatch(backend, {
    ...last,
    name: 'Mean',
    code: meanOfPieces,
    inputs: { partials: { tensor: partials, lanes } },
  });
  const variance = dispatch(backend, {
    ...last,
    name: 'Variance',
    code: varianceOfPieces,
    inputs: { partials: { tensor: partials, lanes }, mean: { tensor: mean, lanes } },
  });
  release(backend, ofShares, ...(width === 1 ? [] : [partials]));
  return { mean, variance };
}

interface MomentPieces extends ChannelRows {
  /** Neighbouring shares in a piece. */
  readonly width: number;
}

/** WGSL of how many rows the `width` shares from `first` on have together: whole rounds, and a part of the last. */
function countOf({ rows, shares }: ChannelRows, first: string, width: number): string {
  const wide = `min(${width}, ${shares} - (${first}))`;
  return `f32(${Math.floor(rows / shares)} * ${wide} + clamp(${rows % shares} - (${first}), 0, ${wide}))`;
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
    `let mean = sum / ${countOf(constants, 'share', 1)};
  let out = share * ${2 * constants.vectors} + channel;
  result[out] = mean + shift;
  result[out + ${constants.vectors}] = max(squares - sum * mean, ${type}(0.0));`,
  );
}

/** [pieces, 2, C]: the same for `width` neighbouring shares together. */
function momentsOfGroups(constants: MomentPieces): string {
  const { vectors, shares, width } = constants;
  const type = typeOf(constants);
  return `
fn compute(index : i32) {
  let channel = index % ${vectors};
  let piece = index / ${vectors};
  let first = piece * ${width};
  let end = min(first + ${width}, ${shares});
  let shift = shares[first * ${2 * vectors} + channel];
  var sum = ${type}(0.0);
  for (var share = first; share < end; share = share + 1) {
    sum = sum + (shares[share * ${2 * vectors} + channel] - shift) * ${countOf(constants, 'share', 1)};
  }
  let mean = shift + sum / ${countOf(constants, 'first', width)};
  var squares = ${type}(0.0);
  for (var share = first; share < end; share = share + 1) {
    let at = share * ${2 * vectors} + channel;
    let distance = shares[at] - mean;
    squares = squares + shares[at + ${vectors}] + distance * distance * ${countOf(constants, 'share', 1)};
  }
  let out = piece * ${2 * vectors} + channel;
  result[out] = mean;
  result[out + ${vectors}] = squares;
}`;
}

function meanOfPieces(constants: MomentPieces): string {
  const { rows, vectors, shares, width } = constants;
  return `
fn compute(index : i32) {
  let shift = partials[index];
  var sum = ${typeOf(constants)}(0.0);
  for (var piece = 0; piece < ${Math.ceil(shares / width)}; piece = piece + 1) {
    sum = sum + (partials[piece * ${2 * vectors} + index] - shift) * ${countOf(constants, `piece * ${width}`, width)};
  }
  result[index] = shift + sum / f32(${rows});
}`;
}

function varianceOfPieces(constants: MomentPieces): string {
  const { rows, vectors, shares, width } = constants;
  return `
fn compute(index : i32) {
  let average = mean[index];
  var sum = ${typeOf(constants)}(0.0);
  for (var piece = 0; piece < ${Math.ceil(shares / width)}; piece = piece + 1) {
    let at = piece * ${2 * vectors} + index;
    let distance = partials[at] - average;
    sum = sum + partials[at + ${vectors}] + distance * distance * ${countOf(constants, `piece * ${width}`, width)};
  }
  result[index] = sum / f32(${rows});
}`;
}
