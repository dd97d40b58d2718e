import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { RunConfig } from '../../config/run-config.ts';
import type { BenchmarkSource, ImageChunk } from '../../faces/benchmark-source.ts';
import { drawnBenchmark, type Evaluation } from '../../study/evaluation.ts';
import { StudyProblem } from '../../study/problem.ts';
import { FOLDS } from '../../verification/folds.ts';
import { UsageError } from '../arguments.ts';
import { type VerificationData, verificationData } from '../verification-data.ts';

/** Images of a benchmark are kept decoded up to so many bytes; of a larger one they are read again for each network. */
const MOST_KEPT = 2 ** 28;

/**
 * Where the files of the evaluations are: those of `--data` by their names, others where the plan says.
 * @throws UsageError for one that is missing, or that no evaluation is of
 */
export function placesOf(evaluations: readonly Evaluation[], given: readonly string[]): ReadonlyMap<string, string> {
  const files = new Set(evaluations.map(({ data }) => basename(data)));
  const other = given.find((path) => !files.has(basename(path)));
  if (other !== undefined) {
    throw new UsageError(`The study has no evaluation on ${other}; leave it out, or plan another study.`);
  }
  return new Map(
    evaluations.map((evaluation) => {
      const { name, data } = evaluation;
      if (drawnBenchmark(evaluation) !== undefined) return [name, data];
      const path = given.find((one) => basename(one) === basename(data)) ?? data;
      if (!existsSync(path)) {
        throw new UsageError(`There is no ${data} for the evaluation "${name}"; name its place with --data PATH.`);
      }
      return [name, path];
    }),
  );
}

/** The benchmarks of a study, opened and decoded once for each size of the networks. */
export class StudyData {
  readonly #places: ReadonlyMap<string, string>;
  readonly #opened = new Map<string, Promise<VerificationData>>();

  /** Paths by the evaluations' names. */
  constructor(places: ReadonlyMap<string, string>) {
    this.#places = places;
  }

  /**
   * Opens the files for networks of this config, and describes each to `say` as `verificationData` does: a fault of a
   * file is found before hours of training. Nothing is drawn. Returns how many pairs each has, by its evaluation's name.
   * @throws UsageError, ImportError, StudyProblem `bad-plan` for a file with too few pairs
   */
  async describeFiles(config: RunConfig, say: (found: string) => void): Promise<ReadonlyMap<string, number>> {
    const pairs = new Map<string, number>();
    for (const [name, path] of this.#places) {
      if (drawnBenchmark({ data: path }) !== undefined) continue;
      const { source, found } = await this.#open(name, path, config);
      say(found);
      if (source.kind === 'pairs' && source.pairs.same.length < FOLDS) {
        throw new StudyProblem(
          'bad-plan',
          `${path} has ${source.pairs.same.length} pairs; a test needs ${FOLDS} or more, for its folds.`,
          'Leave it out of the study.',
        );
      }
      pairs.set(name, source.pairs.same.length);
    }
    return pairs;
  }

  /** By the evaluation's name, for a network of this config. @throws UsageError, ImportError */
  async sourcesFor(config: RunConfig): Promise<ReadonlyMap<string, BenchmarkSource>> {
    const sources = new Map<string, BenchmarkSource>();
    for (const [name, path] of this.#places) sources.set(name, (await this.#open(name, path, config)).source);
    return sources;
  }

  #open(name: string, path: string, config: RunConfig): Promise<VerificationData> {
    const { imageSize: size, region, verifyPairs: pairs, testSeed: seed } = config;
    const key = [name, size, region, pairs, seed].join();
    const opened =
      this.#opened.get(key) ??
      verificationData(path, { size, region, pairs, seed, choosesSets: false }).then(({ source, found }) => ({
        source: keptInMemory(source),
        found,
      }));
    this.#opened.set(key, opened);
    return opened;
  }
}

/** The source with its images decoded once, where they are few. */
function keptInMemory(source: BenchmarkSource): BenchmarkSource {
  if (source.imageCount * source.size ** 2 * 3 > MOST_KEPT) return source;
  let kept: readonly ImageChunk[] | undefined;
  const chunks = async function* (signal?: AbortSignal): AsyncGenerator<ImageChunk> {
    if (kept === undefined) {
      const read: ImageChunk[] = [];
      for await (const chunk of source.chunks(signal)) read.push(chunk);
      kept = read;
    }
    yield* kept;
  };
  return { ...source, chunks };
}
