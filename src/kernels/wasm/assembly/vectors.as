/** The scalar product of two stretches, in four partial sums. */
function dot(a: usize, b: usize, length: i32): f32 {
  let s0 = f32x4.splat(0), s1 = s0;
  let index = 0;
  for (; index + 8 <= length; index += 8) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
    a += 32;
    b += 32;
  }
  s0 = f32x4.add(s0, s1);
  let total =
    (f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 1)) + (f32x4.extract_lane(s0, 2) + f32x4.extract_lane(s0, 3));
  for (; index < length; index++) {
    total += load<f32>(a) * load<f32>(b);
    a += 4;
    b += 4;
  }
  return total;
}

/** The sum of squares, in stretches of 1024 added up in doubles. */
export function sumOfSquares(a: usize, length: i32): f64 {
  let total: f64 = 0;
  for (let index = 0; index < length; index += 1024) {
    const at = a + (<usize>index << 2);
    total += <f64>dot(at, at, min(1024, length - index));
  }
  return total;
}

/** Below this length a row is divided by it instead, as F.normalize does. */
const SHORTEST: f32 = 1e-12;

// @ts-ignore: decorator
@inline
function lengthOf(x: usize, columns: i32): f32 {
  return max<f32>(<f32>Math.sqrt(sumOfSquares(x, columns)), SHORTEST);
}

/** y = x / |x|, row by row. */
export function normalizeRows(x: usize, rows: i32, columns: i32, y: usize): void {
  const rowBytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    scaledSum(x, <f32>1 / lengthOf(x, columns), x, 0, columns, y);
    x += rowBytes;
    y += rowBytes;
  }
}

/** dx = (dy - y * (dy . y)) / |x|, row by row, y = x / |x|. */
export function normalizeRowsGradient(dy: usize, x: usize, rows: i32, columns: i32, dx: usize): void {
  const rowBytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    const inverse = <f32>1 / lengthOf(x, columns);
    const along = dot(dy, x, columns) * inverse * inverse * inverse;
    scaledSum(dy, inverse, x, -along, columns, dx);
    dy += rowBytes;
    x += rowBytes;
    dx += rowBytes;
  }
}

/** y = a * p + b * q. */
export function scaledSum(a: usize, p: f32, b: usize, q: f32, length: i32, y: usize): void {
  const ps = f32x4.splat(p);
  const qs = f32x4.splat(q);
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    v128.store(y, f32x4.add(f32x4.mul(v128.load(a), ps), f32x4.mul(v128.load(b), qs)));
    a += 16;
    b += 16;
    y += 16;
  }
  for (; index < length; index++) {
    store<f32>(y, load<f32>(a) * p + load<f32>(b) * q);
    a += 4;
    b += 4;
    y += 4;
  }
}

/** v' = momentum * v + (clip * g + weightDecay * w); w' = w - learningRate * v'. */
export function sgdStep(
  w: usize, g: usize, v: usize, length: i32, learningRate: f32, momentum: f32, weightDecay: f32, clip: f32,
  newW: usize, newV: usize,
): void {
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    const weight = v128.load(w);
    const gradient = f32x4.add(
      f32x4.mul(v128.load(g), f32x4.splat(clip)),
      f32x4.mul(weight, f32x4.splat(weightDecay)),
    );
    const velocity = f32x4.add(f32x4.mul(v128.load(v), f32x4.splat(momentum)), gradient);
    v128.store(newV, velocity);
    v128.store(newW, f32x4.sub(weight, f32x4.mul(velocity, f32x4.splat(learningRate))));
    w += 16;
    g += 16;
    v += 16;
    newW += 16;
    newV += 16;
  }
  for (; index < length; index++) {
    const weight = load<f32>(w);
    const velocity = load<f32>(v) * momentum + (load<f32>(g) * clip + weight * weightDecay);
    store<f32>(newV, velocity);
    store<f32>(newW, weight - velocity * learningRate);
    w += 4;
    g += 4;
    v += 4;
    newW += 4;
    newV += 4;
  }
}
