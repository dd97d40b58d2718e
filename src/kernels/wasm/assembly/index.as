/*
 * Loops over tensors on tfjs's WebAssembly heap, with SIMD; team.ts has several threads call them on one heap.
 * AssemblyScript; compiled by scripts/wasm-kernels.ts. All pointers are byte offsets on that heap and all numbers
 * float32. The module owns no memory and no state: it has no data and never allocates.
 */
export { packColumns, packStrip } from "./panels";
export { multiply, multiplyTransposed } from "./multiply";
export { clear, copyRows, decodeFaces, fillGrid } from "./move";
export { blockStatistics, joinStatistics, normalize, scaleOf } from "./batch-norm";
export { blockGradientSums, gradientShares, inputGradient, joinGradientSums } from "./batch-norm-gradient";
export { normalizeRows, normalizeRowsGradient, scaledSum, sgdStep, sumOfSquares } from "./vectors";
