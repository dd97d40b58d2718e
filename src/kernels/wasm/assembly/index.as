/*
 * Loops over tensors on tfjs's WebAssembly heap, for one thread with SIMD. AssemblyScript; compiled by build.ts.
 * All pointers are byte offsets on that heap and all numbers float32. The module owns no memory and no state: it has
 * no data and never allocates.
 */
export { packColumns, packStrip } from "./panels";
export { multiply, multiplyTransposed } from "./multiply";
export { clear, copyRows, decodeFaces, fillGrid } from "./move";
export { normalize, scaleOf, statistics } from "./batch-norm";
export { gradientSums, inputGradient } from "./batch-norm-gradient";
export { normalizeRows, normalizeRowsGradient, scaledSum, sgdStep, sumOfSquares } from "./vectors";
