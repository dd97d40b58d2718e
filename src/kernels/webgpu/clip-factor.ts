import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dispatch, release, times } from './program.ts';

/** Gradients whose squares one dispatch sums: with the result, as many buffers as WebGPU promises. */
const GRADIENTS_AT_ONCE = 7;

/** Numbers an invocation squares, and the most invocations a gradient gets. */
const SQUARED_EACH = 256;
const MOST_SHARES = 1024;

/** Invocations that put the shares together before the last one does. */
const GATHERERS = 64;

/** The first `size` numbers of a tensor. */
export interface Gradient {
  readonly tensor: TensorInfo;
  readonly size: number;
}

/** [1]: the factor of torch.nn.utils.clip_grad_norm_ on gradients; there has to be at least one. */
export function clipFactor(backend: WebGPUBackend, gradients: readonly Gradient[], clipNorm: number): TensorInfo {
  const shares = gradients.map(({ size }) => Math.min(MOST_SHARES, Math.ceil(size / SQUARED_EACH)));
  const total = shares.reduce((sum, one) => sum + one, 0);
  let squares: TensorInfo | undefined;
  let offset = 0;
  for (let first = 0; first < gradients.length; first += GRADIENTS_AT_ONCE) {
    const group = gradients.slice(first, first + GRADIENTS_AT_ONCE);
    const ofGroup = shares.slice(first, first + GRADIENTS_AT_ONCE);
    const invocations = ofGroup.reduce((sum, one) => sum + one, 0);
    squares = dispatch(backend, {
      name: 'SumsOfSquares',
      constants: { offset, shares: ofGroup, sizes: group.map(({ size }) => size) },
      code: sumsOfSquares,
      inputs: Object.fromEntries(group.map(({ tensor }, index) => [`g${index}`, { tensor }])),
      invocations,
      outputShape: [total],
      ...(squares === undefined ? {} : { into: squares }),
    });
    offset += invocations;
  }
  if (squares === undefined) throw new Error('A clip needs a gradient.');
  const gathered = dispatch(backend, {
    name: 'GatherSquares',
    constants: {},
    sizes: { total },
    code: () => `
fn compute(index : i32) {
  var sum = 0.0;
  for (var share = index; share < uniforms.total; share = share + ${GATHERERS}) { sum = sum + squares[share]; }
  result[index] = sum;
}`,
    inputs: { squares: { tensor: squares } },
    invocations: GATHERERS,
    outputShape: [GATHERERS],
  });
  const factor = dispatch(backend, {
    name: 'ClipFactor',
    constants: {},
    code: () => `
fn compute(index : i32) {
  var sum = 0.0;
  for (var share = 0; share < ${GATHERERS}; share = share + 1) { sum = sum + gathered[share]; }
  result[index] = min(1.0, uniforms.clipNorm / (sqrt(sum) + 1e-6));
}`,
    inputs: { gathered: { tensor: gathered } },
    uniforms: { clipNorm },
    invocations: 1,
    outputShape: [1],
  });
  release(backend, squares, gathered);
  return factor;
}

interface SumsOfSquares {
  /** Where this group's sums start in the result. */
  readonly offset: number;
  readonly shares: readonly number[];
  readonly sizes: readonly number[];
}

function sumsOfSquares({ offset, shares, sizes }: SumsOfSquares): string {
  const firsts = shares.map((_, index) => shares.slice(0, index).reduce((sum, one) => sum + one, 0));
  return `
fn compute(index : i32) {
  var sum = 0.0;
  ${times(
    shares.length,
    (which) => `if (index >= ${firsts[which]} && index < ${(firsts[which] ?? 0) + (shares[which] ?? 0)}) {
    for (var at = index - ${firsts[which]}; at < ${sizes[which]}; at = at + ${shares[which]}) {
      sum = fma(g${which}[at], g${which}[at], sum);
    }
  }`,
  )}
  result[${offset} + index] = sum;
}`;
}
