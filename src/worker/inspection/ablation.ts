import { AblatableModel } from '../../exchange/ablate.ts';
import type { OnnxSource } from '../../exchange/import/model-tensors.ts';
import { runFilesOf } from '../../exchange/import/onnx-files.ts';
import type { PairSource } from '../../faces/benchmark-source.ts';
import { type ScoringOptions, scoreBenchmark } from '../../training/score-benchmark.ts';
import { foldOrder } from '../../verification/pair-order.ts';
import { verification } from '../../verification/scored-pairs.ts';
import { OnnxNetwork } from '../verification/onnx-network.ts';
import type { AblationPairs } from './ablation-pairs.ts';
import type { AblationResult } from './protocol.ts';

const CODING = { scaling: 'auto', colours: 'RGB' } as const;
/** Images of the pairs that a single filter is measured on. */
const FEW_IMAGES = 6;

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
  #pairs: AblationPairs;
  #base:
    | {
        readonly pairs: PairSource;
        readonly distances: Float64Array;
        readonly few: Faces;
        readonly rows: Float32Array;
      }
    | undefined;

  /** `runtime` is as OnnxNetwork.open takes it. @throws ModelProblem */
  constructor(source: OnnxSource, runtime: string | ArrayBuffer, pairs: AblationPairs) {
    this.#model = new AblatableModel(source);
    this.filters = this.#model.filters;
    this.#source = source;
    this.#runtime = runtime;
    this.#pairs = pairs;
  }

  /** Measures on these pairs from now on. */
  on(pairs: AblationPairs): void {
    if (pairs !== this.#pairs) this.#base = undefined;
    this.#pairs = pairs;
  }

  /**
   * The change of embeddings and of accuracy with these filters off.
   * @throws OnnxProblem, VerificationProblem, ImportError where an image of the pairs cannot be read, or the signal's reason
   */
  async off(filters: readonly number[], options: ScoringOptions = {}): Promise<AblationResult> {
    const { pairs, distances, few, rows } = await this.#baseline(options);
    return this.#with(filters, async (network) => {
      const changed = await scoreBenchmark(network.coded(CODING), pairs, options);
      const { networks, comparison } = verification(
        {
          protocol: 'pairs',
          same: pairs.pairs.same,
          identities: pairs.pairs.identities,
          distances: [distances, changed],
        },
        { compared: [1, 0], order: foldOrder(pairs.pairs.same).order },
      );
      const accuracies = networks.map(({ report }) => ('accuracy' in report ? report.accuracy : Number.NaN));
      const [before = Number.NaN, after = Number.NaN] = accuracies;
      return {
        filters,
        change: await changeOf(network, few, rows),
        pairs: pairs.name,
        pairCount: distances.length,
        unreadable: pairs.unreadable,
        accuracy: [before, after],
        interval: comparison?.interval,
      };
    });
  }

  /** The change of embeddings with one filter off. @throws as `off` does */
  async one(filter: number, options: ScoringOptions = {}): Promise<number> {
    const { few, rows } = await this.#baseline(options);
    return this.#with([filter], (network) => changeOf(network, few, rows));
  }

  async #baseline(options: ScoringOptions) {
    if (this.#base !== undefined) return this.#base;
    const chosen = this.#pairs;
    return this.#with([], async (network) => {
      const pairs = await chosen.open({ size: network.size, region: this.#model.region });
      const distances = await scoreBenchmark(network.coded(CODING), pairs, options);
      const pictures = await Promise.all(Array.from({ length: FEW_IMAGES }, (_, image) => pairs.image(image)));
      const few = { images: new Uint8Array(pictures.flatMap((picture) => [...picture])), size: network.size };
      const base = { pairs, distances, few, rows: await embeddings(network, few) };
      // Others may have been chosen meanwhile.
      if (chosen === this.#pairs) this.#base = base;
      return base;
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
