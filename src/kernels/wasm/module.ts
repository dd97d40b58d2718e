import { KERNELS_BASE64 } from './compiled.ts';
import { shareImport } from './shared-memory.ts';

/** A place on tfjs's WebAssembly heap, in bytes. */
export type Pointer = number;

/** The exports of assembly/index.as; the loops and their arguments are described there. */
export interface WasmKernels {
  packColumns(b: Pointer, rowBytes: number, depth: number, columns: number, panels: Pointer): void;
  packStrip(b: Pointer, columnBytes: number, columns: number, depth: number, strip: Pointer): void;
  multiply(
    a: Pointer,
    inputs: Pointer,
    rows: number,
    runs: number,
    runLength: number,
    runBytes: number,
    panels: Pointer,
    columns: number,
    y: Pointer,
    outputs: Pointer,
  ): void;
  multiplyTransposed(
    a: Pointer,
    inputs: Pointer,
    rows: number,
    runs: number,
    runLength: number,
    runBytes: number,
    panels: Pointer,
    columns: number,
    w: Pointer,
    scratch: Pointer,
    from: number,
    to: number,
  ): void;
  clear(target: Pointer, bytes: number): void;
  copyRows(
    source: Pointer,
    sourceRow: number,
    target: Pointer,
    targetRow: number,
    targetGroup: number,
    bytes: number,
    rows: number,
    groups: number,
  ): void;
  fillGrid(
    table: Pointer,
    groups: number,
    rows: number,
    columns: number,
    groupStep: number,
    rowStep: number,
    columnStep: number,
  ): void;
  decodeFaces(
    bytes: Pointer,
    placement: Pointer,
    images: number,
    rows: number,
    columns: number,
    channels: number,
    batch: Pointer,
  ): void;
  blockStatistics(x: Pointer, rows: number, channels: number, from: number, to: number, partials: Pointer): void;
  joinStatistics(partials: Pointer, rows: number, channels: number, mean: Pointer, variance: Pointer): void;
  scaleOf(variance: Pointer, gamma: Pointer, channels: number, epsilon: number, scale: Pointer): void;
  normalize(
    x: Pointer,
    rows: number,
    channels: number,
    mean: Pointer,
    scale: Pointer,
    beta: Pointer,
    after: 0 | 1 | 2,
    extra: Pointer,
    y: Pointer,
  ): void;
  blockGradientSums(
    dy: Pointer,
    x: Pointer,
    rows: number,
    channels: number,
    mean: Pointer,
    scale: Pointer,
    beta: Pointer,
    slope: Pointer,
    from: number,
    to: number,
    partials: Pointer,
  ): void;
  joinGradientSums(
    partials: Pointer,
    rows: number,
    channels: number,
    variance: Pointer,
    epsilon: number,
    dgamma: Pointer,
    dbeta: Pointer,
    dslope: Pointer,
  ): void;
  gradientShares(
    dgamma: Pointer,
    dbeta: Pointer,
    variance: Pointer,
    rows: number,
    channels: number,
    epsilon: number,
    offsets: Pointer,
    factors: Pointer,
  ): void;
  inputGradient(
    dy: Pointer,
    x: Pointer,
    rows: number,
    channels: number,
    mean: Pointer,
    scale: Pointer,
    beta: Pointer,
    slope: Pointer,
    offsets: Pointer,
    factors: Pointer,
    dx: Pointer,
  ): void;
  normalizeRows(x: Pointer, rows: number, columns: number, y: Pointer): void;
  normalizeRowsGradient(dy: Pointer, x: Pointer, rows: number, columns: number, dx: Pointer): void;
  scaledSum(a: Pointer, p: number, b: Pointer, q: number, length: number, y: Pointer): void;
  sgdStep(
    w: Pointer,
    g: Pointer,
    v: Pointer,
    length: number,
    learningRate: number,
    momentum: number,
    weightDecay: number,
    clip: number,
    newW: Pointer,
    newV: Pointer,
  ): void;
  sumOfSquares(a: Pointer, length: number): number;
}

/** Whether this memory is one that other threads may be given. */
export function isShared({ buffer }: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
}

/** Our loops on the heap of a tfjs backend, shared among threads or not. Nothing where the browser has no SIMD. */
export async function instantiateKernels(memory: WebAssembly.Memory): Promise<WasmKernels | undefined> {
  const bytes = Uint8Array.from(atob(KERNELS_BASE64), (letter) => letter.charCodeAt(0));
  if (!isShared(memory)) shareImport(bytes, false);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  // The compiler's exports have no types of their own; these are written from assembly/index.as.
  return instance.exports as unknown as WasmKernels;
}
