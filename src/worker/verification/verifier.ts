import { nextTask } from '../../config/next-task.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../../config/run-config.ts';
import { seenFace, tileResponses } from '../../craft/response.ts';
import { type Engine, openEngine } from '../../network/backend.ts';
import { scoreBenchmark, scoreNetworks } from '../../training/score-benchmark.ts';
import { WASM_FILES } from '../wasm-files.ts';
import { measure } from './benchmark-result.ts';
import type { BenchmarkShelf, Geometry, OpeningOptions } from './benchmark-shelf.ts';
import { failureOf, VerificationError } from './failure.ts';
import type { NetworkShelf, ReadyNetwork } from './network-shelf.ts';
import { picturesOf } from './pair-pictures.ts';
import { facesOf, photoPair } from './photo-pair.ts';
import type {
  BenchmarkResult,
  ComparedPhotos,
  NetworkSummary,
  RowId,
  VerificationCommand,
  VerificationMessage,
  VerificationPhase,
} from './protocol.ts';

type VerifyCommand = Extract<VerificationCommand, { type: 'verify' }>;
type CompareCommand = Extract<VerificationCommand, { type: 'compare-photos' }>;

/** A network of the verification: its summary, and ready to embed. */
interface Entrant {
  readonly summary: NetworkSummary;
  readonly name: string;
  readonly ready: ReadyNetwork;
}

/** Scores networks on benchmarks, row by row; one verification at a time. */
export class Verifier {
  readonly #networks: NetworkShelf;
  readonly #benchmarks: BenchmarkShelf;
  readonly #post: (message: VerificationMessage) => void;
  #engine: { readonly preference: RunConfig['backend']; readonly opened: Promise<Engine> } | undefined;
  /** After the graphics card was lost, the processor does the rest of the visit. */
  #lost = false;

  constructor(networks: NetworkShelf, benchmarks: BenchmarkShelf, post: (message: VerificationMessage) => void) {
    this.#networks = networks;
    this.#benchmarks = benchmarks;
    this.#post = post;
  }

  /** @throws the signal's reason; anything else that ends the verification. The fault of a single row is posted. */
  async verify(command: VerifyCommand, signal: AbortSignal): Promise<void> {
    const engine = await this.#open(command.backend);
    const lost = engine.failed.then((technical) => {
      this.#lost = true;
      throw new VerificationError({
        code: 'engine-lost',
        message: `The graphics card stopped answering (${technical}). Finished rows are kept.`,
        hint: 'Run it again: the processor will do the rest.',
      });
    });
    const entrants: Entrant[] = [];
    try {
      for (const network of command.networks) entrants.push(this.#entrant(network));
      await Promise.race([this.#rows(command, entrants, signal), lost]);
    } finally {
      for (const { ready } of entrants) ready.dispose();
    }
  }

  /** The cosine of two aligned faces for each network, after the flip test, and its responses. @throws as `verify` does */
  async compare(command: CompareCommand, signal: AbortSignal): Promise<ComparedPhotos> {
    await this.#open(command.backend);
    const similarities: number[] = [];
    const responses: ComparedPhotos['responses'][number][] = [];
    for (const network of command.networks) {
      const { summary, ready } = this.#entrant(network);
      try {
        const faces = facesOf(command.photos, summary);
        const [distance] = await scoreBenchmark(ready.network, photoPair(faces, summary), { signal });
        similarities.push(1 - (distance ?? Number.NaN) / 2);
        const layer = this.#networks.layerOf(network.id);
        const [first, second] = faces.map((face) => layer && tileResponses(seenFace(face, summary.size), layer));
        responses.push(first && second && [first, second]);
      } finally {
        ready.dispose();
      }
    }
    return { similarities, responses };
  }

  #entrant({ id, name, coding }: VerifyCommand['networks'][number]): Entrant {
    const summary = this.#networks.find(id);
    const ready = this.#networks.ready(id, coding);
    if (summary !== undefined && ready !== undefined) return { summary, name, ready };
    throw new VerificationError({
      code: 'not-open',
      message: `${name} is no longer open.`,
      hint: 'Open it again: drop the file, or choose the run.',
    });
  }

  async #rows(command: VerifyCommand, entrants: readonly Entrant[], signal: AbortSignal): Promise<void> {
    const { requestId } = command;
    for (const row of command.rows) {
      try {
        const result = await this.#row(command, row, entrants, signal);
        if (result !== undefined) this.#post({ type: 'row-done', requestId, result });
      } catch (error) {
        signal.throwIfAborted();
        this.#post({ type: 'row-failed', requestId, row, failure: failureOf(error) });
      }
      await nextTask();
      signal.throwIfAborted();
    }
  }

  async #row(
    { requestId, pairs, scores }: VerifyCommand,
    row: RowId,
    entrants: readonly Entrant[],
    signal: AbortSignal,
  ): Promise<BenchmarkResult | undefined> {
    const started = performance.now();
    const follow = (phase: VerificationPhase) => (done: number, total: number) =>
      this.#post({ type: 'progress', requestId, row, phase, done, total });
    // Of the first run that has one. People of a test are never those of training, under any seed.
    const tested = entrants.find(({ summary }) => summary.testSeed !== undefined);
    const seed = tested?.summary.testSeed ?? DEFAULT_CONFIG.testSeed;
    const distances = new Map<string, Float64Array<ArrayBuffer>>();
    let shown: Awaited<ReturnType<BenchmarkShelf['open']>>;
    for (const alike of byGeometry(entrants)) {
      const [first] = alike;
      if (first === undefined) continue;
      const { size, region } = first.summary;
      const options: OpeningOptions = {
        size,
        region,
        seed,
        pairs,
        signal,
        drawing: follow('drawing'),
        reading: follow('reading'),
      };
      const opened = await this.#benchmarks.open(row, options);
      if (opened === undefined) return undefined;
      // The larger pictures are the better ones to look at.
      if (shown === undefined || opened.source.size > shown.source.size) shown = opened;
      const networks = new Map(alike.map(({ summary, ready }) => [summary.id, ready.network]));
      const scored = await scoreNetworks(networks, opened.source, { signal, progress: follow('embedding') });
      for (const [id, values] of scored) distances.set(id, values);
    }
    if (shown === undefined) return undefined;
    const { source, rowSource } = shown;
    this.#post({ type: 'progress', requestId, row, phase: 'scoring', done: 0, total: 0 });
    await nextTask();
    const measured = measure({
      row,
      rowSource,
      source,
      scores,
      distances: entrants.flatMap(({ summary }) => distances.get(summary.id) ?? []),
    });
    const { hardest, pictures } = await picturesOf(source, measured.hardest);
    return { ...measured, hardest, pictures, milliseconds: performance.now() - started };
  }

  async #open(wanted: RunConfig['backend']): Promise<Engine> {
    const preference = this.#lost ? 'wasm' : wanted;
    if (this.#engine?.preference !== preference) {
      this.#engine = { preference, opened: openEngine({ preference, wasmFiles: WASM_FILES }) };
    }
    try {
      return await this.#engine.opened;
    } catch (error) {
      this.#engine = undefined;
      throw error;
    }
  }
}

/** Networks that want the same images, so that each image is decoded once for them. */
function byGeometry(entrants: readonly Entrant[]): readonly (readonly Entrant[])[] {
  const groups = new Map<string, Entrant[]>();
  for (const entrant of entrants) {
    const key = keyOf(entrant.summary);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entrant]);
    else group.push(entrant);
  }
  return [...groups.values()];
}

function keyOf({ size, region }: Geometry): string {
  return `${size}/${region}`;
}
