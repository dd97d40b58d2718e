import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { overRows, rowsToSum, sizesOf, typeOf } from './channel-rows.ts';
import { dispatch, type Lanes, release } from './program.ts';

/** Pieces that one invocation puts together; more are put together in two steps. */
const AT_ONCE = 64;

/**
 * Mean and population variance [C] of x [..., C] over all but its last axis. x is read once: each share of the rows
 * sums its rows minus its own first row, so that a large mean costs no digits; the shares are then put together as
 * Chan, Golub and LeVeque do (1983, "Algorithms for computing the sample variance").
 */
export function moments(backend: WebGPUBackend, x: TensorInfo): { mean: TensorInfo; variance: TensorInfo } {
  const rows = rowsToSum(backend, x);
  const { channels, lanes, vectors, shares } = rows;
  const sizes = sizesOf(rows);
  const common = { constants: { lanes }, sizes, outputLanes: lanes };
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
          sizes: { ...sizes, width },
          code: momentsOfGroups,
          inputs: { shares: { tensor: ofShares, lanes } },
          invocations: vectors * pieces,
          outputShape: [pieces, 2, channels],
        });
  const last = { ...common, sizes: { ...sizes, width, pieces }, invocations: vectors, outputShape: [channels] };
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

interface Moments {
  readonly lanes: Lanes;
}

/** WGSL of how many rows neighbouring shares have together: whole rounds, and a part of the last. */
const COUNT = `
fn countOf(first : i32, width : i32) -> f32 {
  let wide = min(width, uniforms.shares - first);
  return f32((uniforms.rows / uniforms.shares) * wide + clamp(uniforms.rows % uniforms.shares - first, 0, wide));
}`;

/** [shares, 2, C]: each share's mean, and its sum of squares about that. */
function momentsOfShares(constants: Moments): string {
  const type = typeOf(constants);
  return `${COUNT}${overRows(
    `let shift = x[index];
  var sum = ${type}(0.0);
  var squares = ${type}(0.0);`,
    `let value = x[at] - shift;
    sum = sum + value;
    squares = fma(value, value, squares);`,
    `let mean = sum / countOf(share, 1);
  let out = share * 2 * vectors + channel;
  result[out] = mean + shift;
  result[out + vectors] = max(squares - sum * mean, ${type}(0.0));`,
  )}`;
}

/** [pieces, 2, C]: the same for `width` neighbouring shares together. */
function momentsOfGroups(constants: Moments): string {
  const type = typeOf(constants);
  return `${COUNT}
fn compute(index : i32) {
  let vectors = uniforms.vectors;
  let width = uniforms.width;
  let channel = index % vectors;
  let piece = index / vectors;
  let first = piece * width;
  let end = min(first + width, uniforms.shares);
  let shift = shares[first * 2 * vectors + channel];
  var sum = ${type}(0.0);
  for (var share = first; share < end; share = share + 1) {
    sum = sum + (shares[share * 2 * vectors + channel] - shift) * countOf(share, 1);
  }
  let mean = shift + sum / countOf(first, width);
  var squares = ${type}(0.0);
  for (var share = first; share < end; share = share + 1) {
    let at = share * 2 * vectors + channel;
    let distance = shares[at] - mean;
    squares = squares + shares[at + vectors] + distance * distance * countOf(share, 1);
  }
  let out = piece * 2 * vectors + channel;
  result[out] = mean;
  result[out + vectors] = squares;
}`;
}

function meanOfPieces(constants: Moments): string {
  return `${COUNT}
fn compute(index : i32) {
  let vectors = uniforms.vectors;
  let width = uniforms.width;
  let shift = partials[index];
  var sum = ${typeOf(constants)}(0.0);
  for (var piece = 0; piece < uniforms.pieces; piece = piece + 1) {
    sum = sum + (partials[piece * 2 * vectors + index] - shift) * countOf(piece * width, width);
  }
  result[index] = shift + sum / f32(uniforms.rows);
}`;
}

function varianceOfPieces(constants: Moments): string {
  return `${COUNT}
fn compute(index : i32) {
  let vectors = uniforms.vectors;
  let width = uniforms.width;
  let average = mean[index];
  var sum = ${typeOf(constants)}(0.0);
  for (var piece = 0; piece < uniforms.pieces; piece = piece + 1) {
    let at = piece * 2 * vectors + index;
    let distance = partials[at] - average;
    sum = sum + partials[at + vectors] + distance * distance * countOf(piece * width, width);
  }
  result[index] = sum / f32(uniforms.rows);
}`;
}
