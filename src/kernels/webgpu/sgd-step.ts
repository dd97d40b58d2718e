import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { flagsOf, inputOf, type KernelCall, numberOf, numbersOf } from '../kernel-call.ts';
import { dispatch, lanesOf, type ProgramInput, release, sizeOf, times, webgpuOf } from './program.ts';

/** Gradients whose squares one dispatch sums: with the result, as many buffers as WebGPU promises. */
const GRADIENTS_AT_ONCE = 7;

/** Numbers an invocation squares, and the most invocations a gradient gets. */
const SQUARED_EACH = 256;
const MOST_SHARES = 1024;

/** Invocations that put the shares together before the last one does. */
const GATHERERS = 64;

/**
 * SgdStep: the clip's factor stays on the device; then velocity and weight of each parameter, in new buffers. Not in
 * place: tfjs remembers what it has read back from a buffer, and would go on giving the old numbers.
 */
export function sgdStep(call: KernelCall): TensorInfo[] {
  const backend = webgpuOf(call);
  const clipped = flagsOf(call, 'clipped');
  const learningRate = numberOf(call, 'learningRate');
  const uniforms = { momentum: numberOf(call, 'momentum'), weightDecay: numberOf(call, 'weightDecay') };
  const gradients = clipped.flatMap((clips, index) => (clips ? [inputOf(call, `g${index}`)] : []));
  const clipNorm = numberOf(call, 'clipNorm');
  const factor = clipNorm > 0 && gradients.length > 0 ? clipFactor(backend, gradients, clipNorm) : undefined;

  const stepped = clipped.flatMap((clips, index) => {
    const weight = inputOf(call, `w${index}`);
    const lanes = lanesOf(sizeOf(weight));
    const of = (tensor: TensorInfo): ProgramInput => ({ tensor, lanes });
    const scaled = clips && factor !== undefined;
    const common = { invocations: sizeOf(weight) / lanes, outputShape: weight.shape, outputLanes: lanes };
    const velocity = dispatch(backend, {
      ...common,
      name: 'SgdVelocity',
      constants: { scaled },
      code: velocityOf,
      inputs: {
        w: of(weight),
        g: of(inputOf(call, `g${index}`)),
        v: of(inputOf(call, `v${index}`)),
        ...(scaled ? { factor: { tensor: factor } } : {}),
      },
      uniforms,
    });
    const next = dispatch(backend, {
      ...common,
      name: 'SgdWeight',
      constants: {},
      code: () => 'fn compute(index : i32) { result[index] = w[index] - uniforms.learningRate * v[index]; }',
      inputs: { w: of(weight), v: of(velocity) },
      uniforms: { learningRate },
    });
    return [next, velocity];
  });
  if (factor !== undefined) release(backend, factor);
  return stepped;
}

/** MovingAverage. */
export function movingAverage(call: KernelCall): TensorInfo[] {
  const rate = numberOf(call, 'rate');
  return numbersOf(call, 'factors').map((factor, index) => {
    const moving = inputOf(call, `a${index}`);
    const lanes = lanesOf(sizeOf(moving));
    return dispatch(webgpuOf(call), {
      name: 'MovingAverage',
      constants: {},
      code: () =>
        'fn compute(index : i32) { result[index] = a[index] + uniforms.rate * (uniforms.factor * b[index] - a[index]); }',
      inputs: { a: { tensor: moving, lanes }, b: { tensor: inputOf(call, `b${index}`), lanes } },
      uniforms: { rate, factor },
      invocations: sizeOf(moving) / lanes,
      outputShape: moving.shape,
      outputLanes: lanes,
    });
  });
}

function velocityOf({ scaled }: { scaled: boolean }): string {
  return `
fn compute(index : i32) {
  let gradient = g[index]${scaled ? ' * factor[0]' : ''} + uniforms.weightDecay * w[index];
  result[index] = uniforms.momentum * v[index] + gradient;
}`;
}

/** [1]: what torch.nn.utils.clip_grad_norm_ multiplies with. */
function clipFactor(backend: WebGPUBackend, gradients: readonly TensorInfo[], clipNorm: number): TensorInfo {
  const shares = gradients.map((gradient) => Math.min(MOST_SHARES, Math.ceil(sizeOf(gradient) / SQUARED_EACH)));
  const total = shares.reduce((sum, one) => sum + one, 0);
  let squares: TensorInfo | undefined;
  let offset = 0;
  for (let first = 0; first < gradients.length; first += GRADIENTS_AT_ONCE) {
    const group = gradients.slice(first, first + GRADIENTS_AT_ONCE);
    const ofGroup = shares.slice(first, first + GRADIENTS_AT_ONCE);
    const invocations = ofGroup.reduce((sum, one) => sum + one, 0);
    squares = dispatch(backend, {
      name: 'SumsOfSquares',
      constants: { offset, shares: ofGroup, sizes: group.map(sizeOf) },
      code: sumsOfSquares,
      inputs: Object.fromEntries(group.map((tensor, index) => [`g${index}`, { tensor }])),
      invocations,
      outputShape: [total],
      ...(squares === undefined ? {} : { into: squares }),
    });
    offset += invocations;
  }
  if (squares === undefined) throw new Error('A clip needs a gradient.');
  const gathered = dispatch(backend, {
    name: 'GatherSquares',
    constants: { total },
    code: ({ total }) => `
fn compute(index : i32) {
  var sum = 0.0;
  for (var share = index; share < ${total}; share = share + ${GATHERERS}) { sum = sum + squares[share]; }
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
