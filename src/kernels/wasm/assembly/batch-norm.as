/*
 * Batch norm over x [rows, channels], channels a multiple of four. Sums over the rows are taken in blocks of rows that
 * stay in the cache, and the blocks' results are put together: one walk over memory, little rounding. Blocks do not
 * depend on each other, so threads share them out; they are put together in their order by one thread.
 */
export const BLOCK = 128;

/** What follows the batch norm. */
const PRELU = 1;
const ADD = 2;

/**
 * For the blocks of rows from number `from` to `to`: every block's mean and its squares about that mean, in two rows of
 * channels at `partials`.
 */
export function blockStatistics(x: usize, rows: i32, channels: i32, from: i32, to: i32, partials: usize): void {
  const rowBytes = <usize>channels << 2;
  partials += <usize>from * rowBytes * 2;
  for (let block = from; block < to; block++) {
    const first = block * BLOCK;
    const count = min(BLOCK, rows - first);
    const at = x + <usize>first * rowBytes;
    for (let channel: usize = 0; channel < rowBytes; channel += 16) {
      const own = f32x4.div(sum(at + channel, rowBytes, count), f32x4.splat(<f32>count));
      v128.store(partials + channel, own);
      v128.store(partials + rowBytes + channel, sumOfSquares(at + channel, rowBytes, count, own));
    }
    partials += rowBytes * 2;
  }
}

/**
 * Mean and population variance of each channel, out of all blocks in their order, put together as Chan, Golub and
 * LeVeque 1979 have it, so that a large mean costs no digits.
 */
export function joinStatistics(partials: usize, rows: i32, channels: i32, mean: usize, variance: usize): void {
  const rowBytes = <usize>channels << 2;
  memory.fill(mean, 0, rowBytes);
  memory.fill(variance, 0, rowBytes);
  for (let first = 0; first < rows; first += BLOCK) {
    const count = min(BLOCK, rows - first);
    const share = <f32>count / <f32>(first + count);
    for (let channel: usize = 0; channel < rowBytes; channel += 16) {
      const own = v128.load(partials + channel);
      const squares = v128.load(partials + rowBytes + channel);
      const before = v128.load(mean + channel);
      const delta = f32x4.sub(own, before);
      v128.store(mean + channel, f32x4.add(before, f32x4.mul(delta, f32x4.splat(share))));
      const between = f32x4.mul(f32x4.mul(delta, delta), f32x4.splat(<f32>first * share));
      v128.store(variance + channel, f32x4.add(v128.load(variance + channel), f32x4.add(squares, between)));
    }
    partials += rowBytes * 2;
  }
  for (let channel: usize = 0; channel < rowBytes; channel += 16) {
    v128.store(variance + channel, f32x4.div(v128.load(variance + channel), f32x4.splat(<f32>rows)));
  }
}

function sum(x: usize, rowBytes: usize, rows: i32): v128 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    s0 = f32x4.add(s0, v128.load(x));
    s1 = f32x4.add(s1, v128.load(x + rowBytes));
    s2 = f32x4.add(s2, v128.load(x + (rowBytes << 1)));
    s3 = f32x4.add(s3, v128.load(x + rowBytes * 3));
    x += rowBytes << 2;
  }
  for (; row < rows; row++) {
    s0 = f32x4.add(s0, v128.load(x));
    x += rowBytes;
  }
  return f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
}

// @ts-ignore: decorator
@inline
function addSquare(total: v128, x: v128, mean: v128): v128 {
  const centred = f32x4.sub(x, mean);
  return f32x4.add(total, f32x4.mul(centred, centred));
}

function sumOfSquares(x: usize, rowBytes: usize, rows: i32, mean: v128): v128 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    s0 = addSquare(s0, v128.load(x), mean);
    s1 = addSquare(s1, v128.load(x + rowBytes), mean);
    s2 = addSquare(s2, v128.load(x + (rowBytes << 1)), mean);
    s3 = addSquare(s3, v128.load(x + rowBytes * 3), mean);
    x += rowBytes << 2;
  }
  for (; row < rows; row++) {
    s0 = addSquare(s0, v128.load(x), mean);
    x += rowBytes;
  }
  return f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
}

// @ts-ignore: decorator
@inline
export function inverseDeviation(variance: usize, epsilon: f32): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(v128.load(variance), f32x4.splat(epsilon))));
}

/** scale = gamma / sqrt(variance + epsilon). */
export function scaleOf(variance: usize, gamma: usize, channels: i32, epsilon: f32, scale: usize): void {
  for (let channel: usize = 0; channel < <usize>channels << 2; channel += 16) {
    v128.store(scale + channel, f32x4.mul(v128.load(gamma + channel), inverseDeviation(variance + channel, epsilon)));
  }
}

/** y = (x - mean) * scale + beta, then what `after` says: nothing (0), PReLU (1) with slope, sum (2) with residual. */
export function normalize(
  x: usize, rows: i32, channels: i32, mean: usize, scale: usize, beta: usize, after: i32, extra: usize, y: usize,
): void {
  if (after == PRELU) normalizeThen(x, rows, channels, mean, scale, beta, PRELU, extra, y);
  else if (after == ADD) normalizeThen(x, rows, channels, mean, scale, beta, ADD, extra, y);
  else normalizeThen(x, rows, channels, mean, scale, beta, 0, extra, y);
}

/** Inlined, so that each `after` is a loop of its own. */
// @ts-ignore: decorator
@inline
function normalizeThen(
  x: usize, rows: i32, channels: i32, mean: usize, scale: usize, beta: usize, after: i32, extra: usize, y: usize,
): void {
  const rowBytes = <usize>channels << 2;
  for (let row = 0; row < rows; row++) {
    for (let channel: usize = 0; channel < rowBytes; channel += 16) {
      let z = affine(v128.load(x), mean + channel, scale + channel, beta + channel);
      if (after == PRELU) z = prelu(z, v128.load(extra + channel));
      if (after == ADD) {
        z = f32x4.add(z, v128.load(extra));
        extra += 16;
      }
      v128.store(y, z);
      x += 16;
      y += 16;
    }
  }
}

// @ts-ignore: decorator
@inline
function affine(x: v128, mean: usize, scale: usize, beta: usize): v128 {
  return f32x4.add(f32x4.mul(f32x4.sub(x, v128.load(mean)), v128.load(scale)), v128.load(beta));
}

// @ts-ignore: decorator
@inline
function prelu(z: v128, slope: v128): v128 {
  return v128.bitselect(z, f32x4.mul(z, slope), f32x4.gt(z, f32x4.splat(0)));
}
