import type { BenchmarkSource } from '../../faces/benchmark-source.ts';
import type { RegionName } from '../../faces/face-set.ts';
import { syntheticSource } from '../../faces/face-set-source.ts';
import { VARIATIONS, type Variation } from '../../faces/synthetic/variation.ts';
import type { RowId, RowSource } from './protocol.ts';

/** The images a network wants. */
export interface Geometry {
  readonly size: number;
  readonly region: RegionName;
}

/** A benchmark from files, which gives its images in any geometry. */
export interface FileBenchmark {
  readonly source: RowSource;
  open(options: OpeningOptions): Promise<BenchmarkSource>;
}

export interface OpeningOptions extends Geometry {
  /** Of built-in benchmarks, and of pairs drawn from people of a folder. */
  readonly seed: number;
  readonly pairs: number;
  /** Images drawn, or read, of all. */
  readonly drawing: (done: number, total: number) => void;
  readonly reading: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** Bytes of drawn images that are kept for the next verification. */
const KEPT_BYTES = 384 * 2 ** 20;

/** Where each row's pairs come from: a file where one was dropped, else drawn and kept while the page is open. */
export class BenchmarkShelf {
  readonly #files = new Map<RowId, FileBenchmark>();
  readonly #drawn = new Map<string, BenchmarkSource>();

  /** A file replaces the earlier pairs of the row. */
  put(row: RowId, benchmark: FileBenchmark): void {
    this.#files.set(row, benchmark);
  }

  remove(row: RowId): void {
    this.#files.delete(row);
  }

  /** A row of its own for a file that is none of the seven benchmarks. */
  freeRow(): RowId {
    let number = 1;
    while (this.#files.has(`file-${number}`)) number++;
    return `file-${number}`;
  }

  /**
   * The pairs of a row; undefined for a row that holds none.
   * @throws the signal's reason; or an error of reading a file
   */
  async open(
    row: RowId,
    options: OpeningOptions,
  ): Promise<{ readonly source: BenchmarkSource; readonly rowSource: RowSource } | undefined> {
    const file = this.#files.get(row);
    if (file !== undefined) return { source: await file.open(options), rowSource: file.source };
    const variation = VARIATIONS.find((name) => name === row);
    if (variation === undefined) return undefined;
    const source = await this.#draw(variation, options);
    return { source, rowSource: { kind: 'synthetic', name: source.name } };
  }

  async #draw(variation: Variation, options: OpeningOptions): Promise<BenchmarkSource> {
    const { seed, pairs, size, region, drawing: progress, signal } = options;
    const key = JSON.stringify([variation, seed, pairs, size, region]);
    const known = this.#drawn.get(key);
    if (known !== undefined) return known;
    const shouldStop = () => signal.aborted;
    let drawn: BenchmarkSource;
    try {
      drawn = await syntheticSource({ variation, seed, pairs, size, region, progress, shouldStop });
    } catch (error) {
      // Stopped because the signal said so: the caller waits for its reason.
      signal.throwIfAborted();
      throw error;
    }
    this.#drawn.set(key, drawn);
    this.#forgetOldest();
    return drawn;
  }

  #forgetOldest(): void {
    const bytesOf = ({ imageCount, size }: BenchmarkSource) => imageCount * size * size * 3;
    let bytes = [...this.#drawn.values()].reduce((sum, source) => sum + bytesOf(source), 0);
    for (const [key, source] of this.#drawn) {
      if (bytes <= KEPT_BYTES || this.#drawn.size === 1) return;
      this.#drawn.delete(key);
      bytes -= bytesOf(source);
    }
  }
}
