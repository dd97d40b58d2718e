/**
 * Shape of a first-layer kernel in HWIO order: [k, k, channels, filters]. The filter index is the fastest axis, so weight
 * i of filter f is at i * filters + f.
 */
export type KernelShape = readonly [height: number, width: number, channels: number, filters: number];

/** Filter `index` of an HWIO kernel with `filters` filters, copied: [k * k * channels], in double precision. */
export function filterAt(kernel: Float32Array, filters: number, index: number): Float64Array<ArrayBuffer> {
  const weights = new Float64Array(kernel.length / filters);
  for (let i = 0; i < weights.length; i++) weights[i] = kernel[i * filters + index] ?? 0;
  return weights;
}

/** Writes a filter's weights back into the kernel, rounded to float32. */
export function setFilter(kernel: Float32Array, filters: number, index: number, weights: ArrayLike<number>): void {
  for (let i = 0; i < weights.length; i++) kernel[i * filters + index] = weights[i] ?? 0;
}

/** The chosen filters as a kernel of their own, [k, k, channels, indices.length], in the order asked for. */
export function gatherFilters(
  kernel: Float32Array,
  filters: number,
  indices: readonly number[],
): Float32Array<ArrayBuffer> {
  const gathered = new Float32Array((kernel.length / filters) * indices.length);
  indices.forEach((index, position) => {
    setFilter(gathered, indices.length, position, filterAt(kernel, filters, index));
  });
  return gathered;
}

/** Length (L2 norm) of a vector. */
export function length(weights: ArrayLike<number>): number {
  return Math.sqrt(dot(weights, weights));
}

/** Inner product of two vectors of the same size. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
