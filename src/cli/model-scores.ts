import type { readRunArchive } from '../exchange/run-archive.ts';
import type { SyntheticBenchmark } from '../faces/synthetic/benchmarks.ts';
import { architectureOf } from '../network/architecture.ts';
import { FaceNetwork } from '../network/face-network.ts';
import { CENTRES_NAME } from '../network/parameters.ts';
import { recipeOf } from '../network/recipe.ts';
import { embedFaces } from '../training/embed-faces.ts';
import { flipTest, pairDistances } from '../verification/embeddings.ts';
import { TemplatePool, templateScores } from '../verification/templates.ts';
import { UsageError } from './arguments.ts';

/** The networks of a run's archive, by arm. The caller disposes them. */
export function networksOf(archive: ReturnType<typeof readRunArchive>, arm?: string): ReadonlyMap<string, FaceNetwork> {
  const chosen = archive.arms.filter(({ name }) => arm === undefined || name === arm);
  if (chosen.length === 0) {
    throw new UsageError(`The run has no arm "${arm}", only ${archive.arms.map(({ name }) => name).join(' and ')}.`);
  }
  return new Map(
    chosen.map(({ name, state }) => {
      const classes = state.get(CENTRES_NAME)?.shape[0] ?? 0;
      const architecture = architectureOf(archive.config, classes);
      const network = FaceNetwork.create(architecture, recipeOf(archive.config), archive.config.seed);
      network.importState(state);
      return [name, network];
    }),
  );
}

/** Squared distance of every pair, [P]; of templates, what their cosine amounts to. */
export async function distancesOf(
  network: FaceNetwork,
  benchmark: SyntheticBenchmark,
): Promise<Float64Array<ArrayBuffer>> {
  const { faces } = benchmark;
  const all = Int32Array.from(faces.labels, (_, index) => index);
  const { original, flipped, dimension } = await embedFaces(network, faces, all);
  if (benchmark.kind === 'pairs') {
    const { left, right } = benchmark.pairs;
    return pairDistances(flipTest(original, flipped, dimension), dimension, left, right);
  }
  const pool = new TemplatePool(benchmark, dimension);
  pool.add(0, original, flipped);
  return templateScores(pool.finish(), benchmark.left, benchmark.right).map((cosine) => 2 - 2 * cosine);
}

/** [P], 1 where both sides of a pair are one person. */
export function answersOf(benchmark: SyntheticBenchmark): Uint8Array<ArrayBuffer> {
  return benchmark.kind === 'pairs' ? benchmark.pairs.same : benchmark.same;
}
