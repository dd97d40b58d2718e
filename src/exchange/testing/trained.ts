import { stream } from '../../config/random.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../../config/run-config.ts';
import { architectureOf } from '../../network/architecture.ts';
import { momentumName, type NetworkState, type StateTensor } from '../../network/network-state.ts';
import { initialValues, parametersOf, sizeOf } from '../../network/parameters.ts';
import type { TrainedNetwork } from '../export/trained-network.ts';

/** A small config of a body; 20 px leave an odd size after two halvings, where pads on one side would show. */
export function smallConfig(changes: Partial<RunConfig> = {}): RunConfig {
  return { ...DEFAULT_CONFIG, imageSize: 20, filters: 8, width: 8, embeddingSize: 16, ...changes };
}

/** A network that looks trained: every number of it, statistics and momentum too, differs from its first value. */
export function trainedNetwork(config: RunConfig, classes = 10): TrainedNetwork {
  const state = new Map<string, StateTensor>();
  for (const spec of parametersOf(architectureOf(config, classes))) {
    const draw = stream(config.seed, 'as trained', spec.name);
    // Gains near 1, which training sees to: without them residual bodies blow their activations up by thousands.
    const gain =
      spec.shape.length === 4
        ? 8 / Math.sqrt(sizeOf(spec.shape.slice(0, 3)))
        : spec.name.endsWith('bn3.weight')
          ? 0.3
          : 1;
    const values = initialValues(spec, config.seed).map((value) => gain * (value + 0.2 * (draw() - 0.5)));
    state.set(spec.name, { shape: spec.shape, values });
    if (spec.role === 'trained') {
      const momentum = new Float32Array(sizeOf(spec.shape)).map(() => draw() - 0.5);
      state.set(momentumName(spec.name), { shape: spec.shape, values: momentum });
    }
  }
  return { config, state: state satisfies NetworkState, step: 120, arm: 'craft' };
}

/** Images as a network takes them, [count, size, size, 3] in -1 to 1. */
export function testImages(count: number, size: number, seed = 3): Float32Array<ArrayBuffer> {
  const draw = stream(seed, 'images');
  return Float32Array.from({ length: count * size * size * 3 }, () => 2 * draw() - 1);
}

/** The largest difference between two rows of numbers; not a number where their lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length === 0) return Number.NaN;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs((a[i] ?? Number.NaN) - (b[i] ?? Number.NaN)));
  return largest;
}

/** Each of the `count` rows scaled to length 1, as embeddings are compared. */
export function unitLength(rows: Float32Array, count: number): Float32Array {
  const width = rows.length / count;
  const lengths = Array.from({ length: count }, (_, row) =>
    Math.hypot(...rows.subarray(row * width, (row + 1) * width)),
  );
  return rows.map((value, at) => value / (lengths[Math.floor(at / width)] ?? 1));
}
