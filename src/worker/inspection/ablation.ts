import { AblatableModel } from '../../exchange/ablate.ts';
import type { OnnxSource } from '../../exchange/import/model-tensors.ts';
import { runFilesOf } from '../../exchange/import/onnx-files.ts';
import type { BenchmarkSource } from '../../faces/benchmark-source.ts';
import { syntheticSource } from '../../faces/face-set-source.ts';
import { scoreBenchmark } from '../../training/score-benchmark.ts';
import { verification } from '../../verification/scored-pairs.ts';
import { OnnxNetwork } from '../verification/onnx-network.ts';
import type { AblationResult } from './protocol.ts';

const CODING = { scaling: 'auto', colours: 'RGB' } as const;
/** Pairs of drawn people, and the images of them that a single filter is measured on. */
const PAIRS = 200;
const FEW_IMAGES = 6;
/** Of the people who are drawn for pairs. */
const SEED = 1;

interface Faces {
  readonly images: Uint8Array<ArrayBuffer>;
  readonly size: number;
}

/** The contribution of first-layer filters to an ONNX network's answers: it runs with some of them switched off. */
export class Ablation {
  readonly filters: number;
  readonly #model: AblatableModel;
  readonly #source: OnnxSource;
  readonly #runtime: string | ArrayBuffer;
  readonly #pairs: number;
  #base:
    | {
        readonly pairs: BenchmarkSource;
        readonly distances: Float64Array;
        readonly few: Faces;
        readonly rows: Float32Array;
      }
    | undefined;

  /** `runtime` is as OnnxNetwork.open takes it. @throws ModelProblem */
  constructor(source: OnnxSource, runtime: string | ArrayBuffer, pairs = PAIRS) {
    this.#model = new AblatableModel(source);
    this.filters = this.#model.filters;
    this.#source = source;
    this.#runtime = runtime;
    this.#pairs = pairs;
  }

  /** The change of embeddings and of accuracy with these filters off. @throws OnnxProblem, VerificationProblem */
  async off(filters: readonly number[]): Promise<AblationResult> {
    const { pairs, distances, few, rows } = await this.#baseline();
    return this.#with(filters, async (network) => {
      const changed = await scoreBenchmark(network.coded(CODING), pairs);
      const { networks, comparison } = verification(
        {
          protocol: 'pairs',
          same: pairs.pairs.same,
          identities: pairs.pairs.identities,
          distances: [distances, changed],
        },
        { compared: [1, 0] },
      );
      const accuracies = networks.map(({ report }) => ('accuracy' in report ? report.accuracy : Number.NaN));
      const [before = Number.NaN, after = Number.NaN] = accuracies;
      return {
        filters,
        change: await changeOf(network, few, rows),
        pairs: pairs.name,
        pairCount: distances.length,
        accuracy: [before, after],
        interval: comparison?.interval,
      };
    });
  }

  /** The change of embeddings with one filter off. @throws OnnxProblem */
  async one(filter: number): Promise<number> {
    const { few, rows } = await this.#baseline();
    return this.#with([filter], (network) => changeOf(network, few, rows));
  }

  async #baseline() {
    if (this.#base !== undefined) return this.#base;
    return this.#with([], async (network) => {
      const pairs = await syntheticSource({
        variation: 'lfw',
        seed: SEED,
        pairs: this.#pairs,
        size: network.size,
        region: this.#model.region,
      });
      const distances = await scoreBenchmark(network.coded(CODING), pairs);
      const pictures = await Promise.all(Array.from({ length: FEW_IMAGES }, (_, image) => pairs.image(image)));
      const few = { images: new Uint8Array(pictures.flatMap((picture) => [...picture])), size: network.size };
      this.#base = { pairs, distances, few, rows: await embeddings(network, few) };
      return this.#base;
    });
  }

  async #with<Result>(off: readonly number[], use: (network: OnnxNetwork) => Promise<Result>): Promise<Result> {
    const bytes = off.length === 0 ? this.#source.bytes : this.#model.without(off);
    const network = await OnnxNetwork.open(runFilesOf(bytes, this.#source.fileOf), this.#runtime);
    try {
      return await use(network);
    } finally {
      await network.close();
    }
  }
}

async function embeddings(network: OnnxNetwork, { images, size }: Faces): Promise<Float32Array> {
  const all = Int32Array.from({ length: FEW_IMAGES }, (_, image) => image);
  return (await network.coded(CODING).embedFaces({ images, size }, all)).original;
}

/** 1 - cosine between an image's embedding now and before, the mean over images. */
async function changeOf(network: OnnxNetwork, few: Faces, before: Float32Array): Promise<number> {
  const now = await embeddings(network, few);
  const dimension = now.length / FEW_IMAGES;
  let sum = 0;
  for (let image = 0; image < FEW_IMAGES; image++) {
    let [product, a, b] = [0, 0, 0];
    for (let at = image * dimension; at < (image + 1) * dimension; at++) {
      const [x, y] = [now[at] ?? Number.NaN, before[at] ?? Number.NaN];
      product += x * y;
      a += x * x;
      b += y * y;
    }
    sum += 1 - product / Math.sqrt(a * b);
  }
  return Math.max(0, sum / FEW_IMAGES);
}
