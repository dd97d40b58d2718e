import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall } from '../kernel-call.ts';
import { dispatch, type Lanes, lanesOf, type ProgramInput, release, times, webgpuOf } from './program.ts';

/** Invocations that share the sum over a row. */
const SHARES = 8;

/** Below this length a row is divided by it instead, as F.normalize does. */
const SHORTEST = 1e-12;

interface Rows {
  readonly lanes: Lanes;
  /** Vectors in a row. */
  readonly vectors: number;
  /** Whether the row's product with dy is wanted beside its square. */
  readonly gradient: boolean;
}

/** NormalizeRows: each row's square in eight shares, then the row divided by its length. */
export function normalizeRows(call: KernelCall): TensorInfo {
  return normalised(call, {});
}

/** NormalizeRowsGrad: (dy - y * (dy . y)) / |x|. */
export function normalizeRowsGradient(call: KernelCall): TensorInfo {
  return normalised(call, { dy: inputOf(call, 'dy') });
}

function normalised(call: KernelCall, { dy }: { readonly dy?: TensorInfo }): TensorInfo {
  const backend = webgpuOf(call);
  const x = inputOf(call, 'x');
  const [rows = 0, length = 0] = x.shape;
  const lanes = lanesOf(length);
  const constants: Rows = { lanes, vectors: length / lanes, gradient: dy !== undefined };
  const inputs: Record<string, ProgramInput> = {
    x: { tensor: x, lanes },
    ...(dy ? { dy: { tensor: dy, lanes } } : {}),
  };
  const sums = dispatch(backend, {
    name: 'RowSums',
    constants,
    code: sumsOfRows,
    inputs,
    invocations: rows * SHARES,
    outputShape: [rows, SHARES, 2],
  });
  const y = dispatch(backend, {
    name: dy ? 'NormalizeRowsGrad' : 'NormalizeRows',
    constants,
    code: dividedRows,
    inputs: { ...inputs, sums: { tensor: sums } },
    invocations: rows * constants.vectors,
    outputShape: x.shape,
    outputLanes: lanes,
  });
  release(backend, sums);
  return y;
}

/** [rows, shares, 2]: shares of x . x and of dy . x. */
function sumsOfRows({ lanes, vectors, gradient }: Rows): string {
  const product = (a: string, b: string) => (lanes === 4 ? `dot(${a}, ${b})` : `${a} * ${b}`);
  return `
fn compute(index : i32) {
  let row = index / ${SHARES};
  var square = 0.0;
  var product = 0.0;
  for (var column = index % ${SHARES}; column < ${vectors}; column = column + ${SHARES}) {
    let value = x[row * ${vectors} + column];
    square = square + ${product('value', 'value')};
    ${gradient ? `product = product + ${product('value', `dy[row * ${vectors} + column]`)};` : ''}
  }
  result[2 * index] = square;
  result[2 * index + 1] = product;
}`;
}

function dividedRows({ vectors, gradient }: Rows): string {
  return `
fn compute(index : i32) {
  let row = index / ${vectors};
  var square = 0.0;
  var product = 0.0;
  ${times(
    SHARES,
    (share) => `square = square + sums[row * ${2 * SHARES} + ${2 * share}];
  product = product + sums[row * ${2 * SHARES} + ${2 * share + 1}];`,
  )}
  let length = max(sqrt(square), ${SHORTEST});
  let y = x[index] / length;
  result[index] = ${gradient ? '(dy[index] - y * (product / length)) / length' : 'y'};
}`;
}
