import { BLOCK, inverseDeviation } from "./batch-norm";

/**
 * For the blocks of rows from number `from` to `to`, three rows of channels at `partials`: the sums of dz, of
 * dz * (x - mean), and of dy * z where z <= 0, z being the normalised x and dz = z > 0 ? dy : slope * dy; without a
 * PReLU, slope is 0, dz = dy and the third row is not written.
 */
export function blockGradientSums(
  dy: usize, x: usize, rows: i32, channels: i32, mean: usize,
  scale: usize, beta: usize, slope: usize, from: i32, to: i32, partials: usize,
): void {
  const rowBytes = <usize>channels << 2;
  partials += <usize>from * rowBytes * 3;
  for (let block = from; block < to; block++) {
    const first = block * BLOCK;
    const count = min(BLOCK, rows - first);
    const offset = <usize>first * rowBytes;
    for (let channel: usize = 0; channel < rowBytes; channel += 16) {
      const at = offset + channel;
      const sums = partials + channel;
      if (slope != 0) {
        preluBlock(dy + at, x + at, count, rowBytes, mean + channel, scale + channel, beta + channel, slope + channel,
          sums);
      } else {
        plainBlock(dy + at, x + at, count, rowBytes, mean + channel, sums);
      }
    }
    partials += rowBytes * 3;
  }
}

/**
 * The sums of all blocks in their order: dbeta of dz, dgamma of dz * (x - mean) / deviation, and dslope, 0 without a
 * PReLU.
 */
export function joinGradientSums(
  partials: usize, rows: i32, channels: i32, variance: usize, epsilon: f32,
  dgamma: usize, dbeta: usize, dslope: usize,
): void {
  const rowBytes = <usize>channels << 2;
  memory.fill(dgamma, 0, rowBytes);
  memory.fill(dbeta, 0, rowBytes);
  if (dslope != 0) memory.fill(dslope, 0, rowBytes);
  for (let first = 0; first < rows; first += BLOCK) {
    for (let channel: usize = 0; channel < rowBytes; channel += 16) {
      accumulate(dbeta + channel, v128.load(partials + channel));
      accumulate(dgamma + channel, v128.load(partials + rowBytes + channel));
      if (dslope != 0) accumulate(dslope + channel, v128.load(partials + rowBytes * 2 + channel));
    }
    partials += rowBytes * 3;
  }
  for (let channel: usize = 0; channel < rowBytes; channel += 16) {
    const centredSum = v128.load(dgamma + channel);
    v128.store(dgamma + channel, f32x4.mul(centredSum, inverseDeviation(variance + channel, epsilon)));
  }
}

// @ts-ignore: decorator
@inline
function accumulate(total: usize, value: v128): void {
  v128.store(total, f32x4.add(v128.load(total), value));
}

function plainBlock(dy: usize, x: usize, rows: i32, rowBytes: usize, mean: usize, sums: usize): void {
  const average = v128.load(mean);
  let beta0 = f32x4.splat(0), beta1 = beta0, gamma0 = beta0, gamma1 = beta0;
  let row = 0;
  for (; row + 2 <= rows; row += 2) {
    const dy0 = v128.load(dy);
    const dy1 = v128.load(dy + rowBytes);
    beta0 = f32x4.add(beta0, dy0);
    beta1 = f32x4.add(beta1, dy1);
    gamma0 = f32x4.add(gamma0, f32x4.mul(dy0, f32x4.sub(v128.load(x), average)));
    gamma1 = f32x4.add(gamma1, f32x4.mul(dy1, f32x4.sub(v128.load(x + rowBytes), average)));
    dy += rowBytes << 1;
    x += rowBytes << 1;
  }
  if (row < rows) {
    const dy0 = v128.load(dy);
    beta0 = f32x4.add(beta0, dy0);
    gamma0 = f32x4.add(gamma0, f32x4.mul(dy0, f32x4.sub(v128.load(x), average)));
  }
  v128.store(sums, f32x4.add(beta0, beta1));
  v128.store(sums + rowBytes, f32x4.add(gamma0, gamma1));
}

function preluBlock(
  dy: usize, x: usize, rows: i32, rowBytes: usize, mean: usize, scale: usize, beta: usize, slope: usize,
  sums: usize,
): void {
  const zero = f32x4.splat(0);
  const average = v128.load(mean);
  const factor = v128.load(scale);
  const shift = v128.load(beta);
  const leak = v128.load(slope);
  let betas = zero, gammas = zero, slopes = zero;
  for (let row = 0; row < rows; row++) {
    const dy0 = v128.load(dy);
    const centred = f32x4.sub(v128.load(x), average);
    const z = f32x4.add(f32x4.mul(centred, factor), shift);
    const positive = f32x4.gt(z, zero);
    const dz = v128.bitselect(dy0, f32x4.mul(dy0, leak), positive);
    betas = f32x4.add(betas, dz);
    gammas = f32x4.add(gammas, f32x4.mul(dz, centred));
    slopes = f32x4.add(slopes, v128.andnot(f32x4.mul(dy0, z), positive));
    dy += rowBytes;
    x += rowBytes;
  }
  v128.store(sums, betas);
  v128.store(sums + rowBytes, gammas);
  v128.store(sums + (rowBytes << 1), slopes);
}

/** offsets = dbeta / rows and factors = dgamma / rows / sqrt(variance + epsilon), which `inputGradient` takes. */
export function gradientShares(
  dgamma: usize, dbeta: usize, variance: usize, rows: i32, channels: i32, epsilon: f32, offsets: usize, factors: usize,
): void {
  const share = f32x4.splat(<f32>1 / <f32>rows);
  for (let channel: usize = 0; channel < <usize>channels << 2; channel += 16) {
    v128.store(offsets + channel, f32x4.mul(v128.load(dbeta + channel), share));
    const inverse = inverseDeviation(variance + channel, epsilon);
    v128.store(factors + channel, f32x4.mul(f32x4.mul(v128.load(dgamma + channel), share), inverse));
  }
}

/** dx = scale * (dz - offsets - (x - mean) * factors): Ioffe and Szegedy 2015, section 3. */
export function inputGradient(
  dy: usize, x: usize, rows: i32, channels: i32, mean: usize, scale: usize, beta: usize, slope: usize,
  offsets: usize, factors: usize, dx: usize,
): void {
  const rowBytes = <usize>channels << 2;
  if (slope != 0) inputGradientRows(dy, x, rows, rowBytes, mean, scale, beta, slope, true, offsets, factors, dx);
  else inputGradientRows(dy, x, rows, rowBytes, mean, scale, beta, slope, false, offsets, factors, dx);
}

// @ts-ignore: decorator
@inline
function inputGradientRows(
  dy: usize, x: usize, rows: i32, rowBytes: usize, mean: usize, scale: usize, beta: usize, slope: usize, leaky: bool,
  offsets: usize, factors: usize, dx: usize,
): void {
  const zero = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    for (let channel: usize = 0; channel < rowBytes; channel += 16) {
      const centred = f32x4.sub(v128.load(x), v128.load(mean + channel));
      const factor = v128.load(scale + channel);
      let dz = v128.load(dy);
      if (leaky) {
        const z = f32x4.add(f32x4.mul(centred, factor), v128.load(beta + channel));
        dz = v128.bitselect(dz, f32x4.mul(dz, v128.load(slope + channel)), f32x4.gt(z, zero));
      }
      const common = f32x4.add(v128.load(offsets + channel), f32x4.mul(centred, v128.load(factors + channel)));
      v128.store(dx, f32x4.mul(factor, f32x4.sub(dz, common)));
      dy += 16;
      x += 16;
      dx += 16;
    }
  }
}
