import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  profiler,
  tree,
  valueAndGrad,
} from '@jax-js/jax';
import { probeAdapter } from '../../src/network/adapter.ts';
import type { PlainBlock, ResidualBlock } from '../../src/network/architecture.ts';
import { channelsFirst } from './channels-first.ts';
import { byName, type Operation } from './operations.ts';
import type { EnginePlace, OpenEngine } from './training-engine.ts';
import { valuesOf, type Workload } from './workload.ts';

type Weights = Record<string, np.Array>;

/** The network in jax-js, channels first as its convolutions want, one `jit` around gradient and update. */
export const openJaxJs: OpenEngine = async (place, loaded) => {
  const adapter = await openDevice(place);
  const { workload } = loaded;
  const { shape, values } = channelsFirst(valuesOf(loaded, workload.images), workload.images.shape, 'images');
  const images = np.array(values).reshape([...shape]);
  const targets = nn.oneHot(np.array(Int32Array.from(workload.labels)), workload.architecture.classes);
  let weights = Object.fromEntries(
    workload.trained.map((name) => {
      const placed = workload.tensors[name];
      if (placed === undefined) throw new Error(`The workload has no "${name}".`);
      const own = channelsFirst(valuesOf(loaded, placed), placed.shape, name, workload.architecture);
      return [name, np.array(own.values).reshape([...own.shape])];
    }),
  );
  let velocities = Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, np.zeros(weight.shape)]));
  const step = jit((w: Weights, v: Weights, x: np.Array, y: np.Array) => update(workload, w, v, x, y));
  const train = async () => {
    const next = step(weights, velocities, images.ref, targets.ref);
    weights = next.weights;
    velocities = next.velocities;
    // On wasm the loss comes back before the update has run.
    await blockUntilReady(weights);
    const [loss = Number.NaN] = await next.loss.data();
    return Number(loss);
  };
  return { adapter, step: train, profile: () => traced(train) };
};

/** jax-js traces each fused loop as a measure of performance; on WebGPU between timestamps of the device. */
async function traced(train: () => Promise<number>): Promise<Operation[]> {
  performance.clearMeasures();
  profiler.startTrace();
  await train();
  profiler.stopTrace();
  // The timestamps are read back after the step.
  let entries = performance.getEntriesByType('measure');
  for (let before = -1; entries.length === 0 || entries.length !== before; ) {
    before = entries.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    entries = performance.getEntriesByType('measure');
  }
  return byName(entries.map((entry) => ({ name: describe(entry), ms: entry.duration })));
}

/** "Kernel[131K] sum:288": how many numbers, each the sum of how many. */
function describe(entry: PerformanceEntry): string {
  const properties: unknown = Reflect.get(Object(Reflect.get(Object(entry), 'detail')?.devtools), 'properties');
  const reduction = Array.isArray(properties) ? properties.find(([name]) => name === 'reduction') : undefined;
  return reduction === undefined ? entry.name : `${entry.name} ${String(reduction[1])}`;
}

async function openDevice({ backend }: EnginePlace): Promise<string> {
  if (backend !== 'webgpu' && backend !== 'wasm') throw new Error(`jax-js is not measured on ${backend}.`);
  const devices = await init(backend);
  if (!devices.includes(backend)) throw new Error(`jax-js finds no ${backend} here.`);
  defaultDevice(backend);
  if (backend === 'wasm') return globalThis.crossOriginIsolated ? 'SIMD, threads' : 'SIMD';
  const probe = await probeAdapter();
  return probe.ok ? probe.name : 'unnamed adapter';
}

function update(workload: Workload, weights: Weights, velocities: Weights, x: np.Array, y: np.Array) {
  const { momentum, weightDecay, clipNorm } = workload.recipe;
  const [loss, gradients] = valueAndGrad((w: Weights) => lossOf(workload, w, x, y))(tree.ref(weights));
  const own: Record<string, np.Array> = gradients;
  const at = (values: Weights, name: string) => {
    const found = values[name];
    if (found === undefined) throw new Error(`No tensor "${name}".`);
    return found;
  };
  let clip: np.Array | undefined;
  if (clipNorm > 0) {
    const squares = workload.trained
      .filter((name) => name !== 'head.weight')
      .map((name) => np.sum(np.square(at(own, name).ref)));
    const norm = np.sqrt(squares.reduce((total, one) => total.add(one)));
    clip = np.minimum(np.reciprocal(norm.add(1e-6)).mul(clipNorm), 1);
  }
  const next: { weights: Weights; velocities: Weights } = { weights: {}, velocities: {} };
  for (const name of workload.trained) {
    const gradient = at(own, name);
    const clipped = clip === undefined || name === 'head.weight' ? gradient : gradient.mul(clip.ref);
    const velocity = at(velocities, name)
      .mul(momentum)
      .add(clipped.add(at(weights, name).ref.mul(weightDecay)));
    next.weights[name] = at(weights, name).sub(velocity.ref.mul(workload.learningRate));
    next.velocities[name] = velocity;
  }
  clip?.dispose();
  return { loss, ...next };
}

function lossOf({ architecture, recipe }: Workload, weights: Weights, images: np.Array, targets: np.Array): np.Array {
  let x = plain(architecture.stem, images);
  for (const block of architecture.body) x = block.kind === 'plain' ? plain(block, x) : residual(block, x);
  if (architecture.tail) x = normalise(x, 'tail.bn');
  const flat = x.reshape([x.shape[0] ?? 0, architecture.features]);
  const embeddings = normalise(np.matmul(flat, get('embedding.weight').transpose()), 'embedding.bn');
  const cosines = np.clip(np.matmul(unitRows(embeddings), unitRows(get('head.weight')).transpose()), -1, 1);
  const { kind, scale, margin, gradient } = recipe.head;
  let logits = cosines;
  if (kind === 'cosface') logits = cosines.sub(targets.ref.mul(margin));
  if (kind === 'arcface') {
    const shift = np.cos(np.acos(cosines.ref).add(margin)).sub(cosines.ref);
    const constant = gradient === 'literal' ? shift : lax.stopGradient(shift);
    logits = cosines.add(targets.ref.mul(constant));
  }
  return np.sum(nn.logSoftmax(logits.mul(scale), 1).mul(targets)).mul(-1 / (images.shape[0] ?? 1));

  function get(name: string): np.Array {
    const found = weights[name];
    if (found === undefined) throw new Error(`No weight "${name}".`);
    return found;
  }

  function convolve(x: np.Array, name: string, stride: number, pad: number): np.Array {
    return lax.convGeneralDilated(
      x,
      get(`${name}.weight`),
      [stride, stride],
      [
        [pad, pad],
        [pad, pad],
      ],
    );
  }

  function normalise(x: np.Array, name: string): np.Array {
    const axes = x.ndim === 4 ? [0, 2, 3] : [0];
    const mean = np.mean(x.ref, axes, { keepdims: true });
    const centred = x.sub(mean);
    const variance = np.mean(np.square(centred.ref), axes, { keepdims: true });
    const normal = centred.mul(np.reciprocal(np.sqrt(variance.add(architecture.epsilon))));
    // The embedding's scale is frozen at one.
    const scaled = `${name}.weight` in weights ? normal.mul(get(`${name}.weight`)) : normal;
    return scaled.add(get(`${name}.bias`));
  }

  function activate(x: np.Array, name: string): np.Array {
    return np.maximum(x.ref, 0).add(np.minimum(x, 0).mul(get(`${name}.prelu.weight`)));
  }

  function plain({ name, stride, kernelSize }: PlainBlock, x: np.Array): np.Array {
    return activate(normalise(convolve(x, `${name}.conv`, stride, (kernelSize - 1) / 2), `${name}.bn`), name);
  }

  function residual({ name, stride, projected }: ResidualBlock, x: np.Array): np.Array {
    const inner = convolve(normalise(x.ref, `${name}.bn1`), `${name}.conv1`, 1, 1);
    const activated = activate(normalise(inner, `${name}.bn2`), name);
    const outer = normalise(convolve(activated, `${name}.conv2`, stride, 1), `${name}.bn3`);
    return outer.add(projected ? normalise(convolve(x, `${name}.downsample.0`, stride, 0), `${name}.downsample.1`) : x);
  }
}

function unitRows(x: np.Array): np.Array {
  return x.ref.mul(np.reciprocal(np.sqrt(np.sum(np.square(x), 1, { keepdims: true }))));
}
