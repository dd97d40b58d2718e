import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { flagsOf, inputOf, type KernelCall, numberOf } from '../kernel-call.ts';
import { clipFactor } from './clip-factor.ts';
import { type Packing, pack, packingOf, unpack } from './packed.ts';
import { dispatch, lanesOf, type ProgramInput, release, sizeOf, webgpuOf } from './program.ts';

/** Numbers from which on a parameter is stepped alone: copying it into the pack would cost more than its dispatches. */
const LARGE = 1 << 16;

interface Parameter {
  readonly weight: TensorInfo;
  readonly gradient: TensorInfo;
  readonly velocity: TensorInfo;
  readonly clipped: boolean;
  readonly decayed: boolean;
}

/** Parameters side by side in one buffer of each kind. */
interface PackedParameters {
  readonly shapes: readonly (readonly number[])[];
  readonly packing: Packing;
  /** Numbers of the clipped ones, which come first. */
  readonly clippedSize: number;
  readonly weights: TensorInfo;
  readonly gradients: TensorInfo;
  readonly velocities: TensorInfo;
}

interface Settings {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

/** A parameter's new weight and velocity. */
type Stepped = readonly [weight: TensorInfo, velocity: TensorInfo];

/**
 * SgdStep: one dispatch for all small parameters, another for those without decay, two for each large one; the clip's
 * factor stays on the device. Into new buffers: tfjs caches the numbers it has read back from a buffer, and would keep
 * giving the old ones.
 */
export function sgdStep(call: KernelCall): TensorInfo[] {
  const backend = webgpuOf(call);
  const settings = {
    learningRate: numberOf(call, 'learningRate'),
    momentum: numberOf(call, 'momentum'),
    weightDecay: numberOf(call, 'weightDecay'),
  };
  const decays = flagsOf(call, 'decayed');
  const parameters = flagsOf(call, 'clipped').map((clipped, index): Parameter => {
    const of = (part: string) => inputOf(call, `${part}${index}`);
    return { weight: of('w'), gradient: of('g'), velocity: of('v'), clipped, decayed: decays[index] === true };
  });
  const small = parameters.filter(({ weight }) => sizeOf(weight) < LARGE);
  const groups = [small.filter(({ decayed }) => decayed), small.filter(({ decayed }) => !decayed)]
    .filter((group) => group.length >= 2)
    .map((group) => [...group.filter(({ clipped }) => clipped), ...group.filter(({ clipped }) => !clipped)]);
  const alone = parameters.filter((parameter) => !groups.some((group) => group.includes(parameter)));
  const packs = groups.map((group) => ({ group, packed: packParameters(backend, group) }));

  const clipNorm = numberOf(call, 'clipNorm');
  const clipped = [
    ...packs.flatMap(({ packed: { gradients, clippedSize } }) =>
      clippedSize > 0 ? [{ tensor: gradients, size: clippedSize }] : [],
    ),
    ...alone.flatMap(({ gradient, clipped }) => (clipped ? [{ tensor: gradient, size: sizeOf(gradient) }] : [])),
  ];
  const factor = clipNorm > 0 && clipped.length > 0 ? clipFactor(backend, clipped, clipNorm) : undefined;
  const settingsOf = (decayed = true) => (decayed ? settings : { ...settings, weightDecay: 0 });

  const stepped = new Map<Parameter, Stepped>();
  for (const parameter of alone) {
    stepped.set(parameter, stepAlone(backend, parameter, settingsOf(parameter.decayed), factor));
  }
  for (const { group, packed } of packs) {
    const [weights = [], velocities = []] = stepTogether(backend, packed, settingsOf(group[0]?.decayed), factor);
    for (const [index, parameter] of group.entries()) {
      const [weight, velocity] = [weights[index], velocities[index]];
      if (weight && velocity) stepped.set(parameter, [weight, velocity]);
    }
    release(backend, packed.weights, packed.gradients, packed.velocities);
  }
  if (factor !== undefined) release(backend, factor);
  return parameters.flatMap((parameter) => [...(stepped.get(parameter) ?? [])]);
}

function packParameters(backend: WebGPUBackend, parameters: readonly Parameter[]): PackedParameters {
  const firstUnclipped = parameters.findIndex(({ clipped }) => !clipped);
  const packing = packingOf(
    parameters.map(({ weight }) => weight),
    firstUnclipped,
  );
  const [weights, gradients, velocities] = pack(backend, packing, [
    parameters.map(({ weight }) => weight),
    parameters.map(({ gradient }) => gradient),
    parameters.map(({ velocity }) => velocity),
  ]);
  if (!(weights && gradients && velocities)) throw new Error('Three lists were to be packed.');
  const clippedSize = parameters.reduce((sum, { weight, clipped }) => sum + (clipped ? sizeOf(weight) : 0), 0);
  return { shapes: parameters.map(({ weight }) => weight.shape), packing, clippedSize, weights, gradients, velocities };
}

/** New weights and new velocities, in the order of the pack. */
function stepTogether(
  backend: WebGPUBackend,
  { shapes, packing, clippedSize, weights, gradients, velocities }: PackedParameters,
  settings: Settings,
  factor: TensorInfo | undefined,
): TensorInfo[][] {
  const scaled = factor !== undefined;
  const vectors = packing.length / 4;
  const stepped = dispatch(backend, {
    name: 'SgdStep',
    constants: { scaled },
    code: stepOf,
    inputs: {
      w: { tensor: weights, lanes: 4 },
      g: { tensor: gradients, lanes: 4 },
      v: { tensor: velocities, lanes: 4 },
      ...(scaled ? { factor: { tensor: factor } } : {}),
    },
    sizes: { vectors, clippedVectors: Math.ceil(clippedSize / 4) },
    uniforms: { ...settings },
    invocations: vectors,
    outputShape: [2, packing.length],
    outputLanes: 4,
  });
  const lists = unpack(backend, stepped, packing, shapes, [0, packing.length]);
  release(backend, stepped);
  return lists;
}

/** [2, length]: weights, then velocities. */
function stepOf({ scaled }: { readonly scaled: boolean }): string {
  return `
fn compute(index : i32) {
  let given = g[index]${scaled ? ' * select(1.0, factor[0], index < uniforms.clippedVectors)' : ''};
  let velocity = uniforms.momentum * v[index] + (given + uniforms.weightDecay * w[index]);
  result[index] = w[index] - uniforms.learningRate * velocity;
  result[index + uniforms.vectors] = velocity;
}`;
}

function stepAlone(
  backend: WebGPUBackend,
  { weight, gradient, velocity, clipped }: Parameter,
  { learningRate, momentum, weightDecay }: Settings,
  factor: TensorInfo | undefined,
): Stepped {
  const lanes = lanesOf(sizeOf(weight));
  const of = (tensor: TensorInfo): ProgramInput => ({ tensor, lanes });
  const scaled = clipped && factor !== undefined;
  const common = { invocations: sizeOf(weight) / lanes, outputShape: weight.shape, outputLanes: lanes };
  const nextVelocity = dispatch(backend, {
    ...common,
    name: 'SgdVelocity',
    constants: { scaled },
    code: velocityOf,
    inputs: {
      w: of(weight),
      g: of(gradient),
      v: of(velocity),
      ...(scaled ? { factor: { tensor: factor } } : {}),
    },
    uniforms: { momentum, weightDecay },
  });
  const nextWeight = dispatch(backend, {
    ...common,
    name: 'SgdWeight',
    constants: {},
    code: () => 'fn compute(index : i32) { result[index] = w[index] - uniforms.learningRate * v[index]; }',
    inputs: { w: of(weight), v: of(nextVelocity) },
    uniforms: { learningRate },
  });
  return [nextWeight, nextVelocity];
}

function velocityOf({ scaled }: { readonly scaled: boolean }): string {
  return `
fn compute(index : i32) {
  let given = g[index]${scaled ? ' * factor[0]' : ''};
  result[index] = uniforms.momentum * v[index] + (given + uniforms.weightDecay * w[index]);
}`;
}
