import type { RunConfig } from '../../config/run-config.ts';
import type { TrainingBatch } from '../../faces/batches.ts';
import { type FaceSet, faceAt } from '../../faces/face-set.ts';
import type { SavedArm } from '../checkpoint.ts';
import { EMBED_BATCH, type FaceEmbeddings } from '../embed-faces.ts';
import type { StartedArm } from '../events.ts';
import type { ArmReading } from '../telemetry.ts';
import { type ArmOrder, type Check, type OpenArms, STEPS_AHEAD, type TrainedArms } from '../trained-arms.ts';
import type { ArmThread } from './arm-thread.ts';
import type { ArmAnswer, ArmCommand } from './protocol.ts';

/** Arms shared out among threads, each of which trains one or several. */
export function openOnThreads(threads: readonly ArmThread[]): OpenArms {
  return (order) => ThreadedArms.open(order, threads);
}

/**
 * The arms of a run on several threads. Each thread works its commands off in their order, up to STEPS_AHEAD steps
 * behind; every reading waits for all of them, so that the arms rest at the same step.
 */
class ThreadedArms implements TrainedArms {
  readonly started: readonly StartedArm[];
  readonly #seats: readonly Seat[];

  private constructor(names: readonly string[], seats: readonly Seat[]) {
    this.#seats = seats;
    const started = seats.flatMap((seat) => seat.started);
    this.started = inOrder(names, started, ({ name }) => name);
  }

  static async open(order: ArmOrder, threads: readonly ArmThread[]): Promise<ThreadedArms> {
    const shares = threads.map((_, at) => order.arms.filter((__, index) => index % threads.length === at));
    const seats = await Promise.all(
      threads.map((thread, at) => Seat.open(thread, { ...order, arms: shares[at] ?? [] })),
    );
    return new ThreadedArms(
      order.arms.map(({ name }) => name),
      seats,
    );
  }

  trainStep(batch: TrainingBatch, step: number, run: RunConfig): void {
    for (const seat of this.#seats) seat.trainStep(batch, step, run);
  }

  async keepUp(): Promise<void> {
    for (const seat of this.#seats) await seat.keepUp();
  }

  async read(arms: readonly string[], withKernels: boolean): Promise<ArmReading[]> {
    const read = await Promise.all(this.#seats.map((seat) => seat.read(arms, withKernels)));
    return inOrder(arms, read.flat(), ({ name }) => name).map(({ reading }) => reading);
  }

  async check(arm: string, step: number, run: RunConfig): Promise<Check> {
    const seat = this.#seats.find(({ names }) => names.includes(arm));
    if (seat === undefined) throw new Error(`No arm "${arm}" trains here.`);
    return (await seat.ask({ type: 'check', arm, step, run }, 'checked')).check;
  }

  async embed(faces: Pick<FaceSet, 'images' | 'size'>, indices: Int32Array): Promise<FaceEmbeddings[]> {
    const joined = new Map<string, FaceEmbeddings>();
    for (let first = 0; first < indices.length; first += EMBED_BATCH) {
      const some = chosenFaces(faces, indices.subarray(first, first + EMBED_BATCH));
      const embedded = await Promise.all(this.#seats.map((seat) => seat.embed(some)));
      for (const { name, embeddings } of embedded.flat()) {
        const all = joined.get(name) ?? emptyRows(indices.length, embeddings.dimension);
        joined.set(name, all);
        all.original.set(embeddings.original, first * all.dimension);
        all.flipped.set(embeddings.flipped, first * all.dimension);
      }
    }
    return this.started.flatMap(({ name }) => joined.get(name) ?? []);
  }

  async saved(): Promise<SavedArm[]> {
    const saved = await Promise.all(this.#seats.map((seat) => seat.ask({ type: 'save' }, 'saved')));
    return inOrder(
      this.started.map(({ name }) => name),
      saved.flatMap(({ arms }) => arms),
      ({ name }) => name,
    );
  }

  bytes(): number {
    return this.#seats.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  dispose(): void {
    for (const seat of this.#seats) seat.leave();
  }
}

/** The arms of this run on one of the threads. */
class Seat {
  readonly started: readonly StartedArm[];
  readonly names: readonly string[];
  /** Memory at the last reading, in bytes. */
  bytes = 0;
  readonly #thread: ArmThread;
  /** Steps that were enqueued and not seen to finish. */
  readonly #ahead: Promise<void>[] = [];
  /** Of the first command that failed; later results are not to be trusted. */
  #failure: unknown;

  private constructor(thread: ArmThread, started: readonly StartedArm[]) {
    this.#thread = thread;
    this.started = started;
    this.names = started.map(({ name }) => name);
  }

  static async open(thread: ArmThread, order: ArmOrder): Promise<Seat> {
    const { from } = order;
    const own = from && {
      ...from,
      arms: from.arms.filter((saved) => order.arms.some(({ name }) => name === saved.name)),
    };
    const { started } = await thread.ask({ type: 'build', order: { ...order, from: own } }, 'built');
    return new Seat(thread, started);
  }

  trainStep(batch: TrainingBatch, step: number, run: RunConfig): void {
    // A failure is thrown by the next command that is waited for.
    this.#ahead.push(this.ask({ type: 'step', batch, step, run }, 'stepped').then(ignore, ignore));
  }

  async keepUp(): Promise<void> {
    while (this.#ahead.length >= STEPS_AHEAD) await this.#ahead.shift();
    this.#assertSound();
  }

  async read(arms: readonly string[], withKernels: boolean) {
    const own = arms.filter((name) => this.names.includes(name));
    if (own.length === 0) return [];
    const { readings, bytes } = await this.ask({ type: 'read', arms: own, withKernels }, 'readings');
    this.bytes = bytes;
    // They finished before the reading.
    this.#ahead.length = 0;
    return readings.flatMap((reading, index) => {
      const name = own[index];
      return name === undefined ? [] : [{ name, reading }];
    });
  }

  async embed(faces: Pick<FaceSet, 'images' | 'size'> & { readonly count: number }) {
    const { embeddings } = await this.ask({ type: 'embed', faces, count: faces.count }, 'embedded');
    return this.names.flatMap((name, index) => {
      const own = embeddings[index];
      return own === undefined ? [] : [{ name, embeddings: own }];
    });
  }

  /** @throws RunFailure also where a command before it failed */
  async ask<Type extends ArmAnswer['type']>(command: ArmCommand, type: Type) {
    try {
      const answer = await this.#thread.ask(command, type);
      this.#assertSound();
      return answer;
    } catch (error) {
      this.#failure ??= error;
      throw this.#failure;
    }
  }

  /** Frees the networks; the thread stays. */
  leave(): void {
    this.#thread.ask({ type: 'clear' }, 'cleared').catch(ignore);
  }

  #assertSound(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

function ignore(): void {}

/** `items` in the order of `names`, regardless of their thread. */
function inOrder<Item>(names: readonly string[], items: readonly Item[], nameOf: (item: Item) => string): Item[] {
  return names.flatMap((name) => items.find((item) => nameOf(item) === name) ?? []);
}

/** A copy of some images of a set, as another thread gets them. */
function chosenFaces({ images, size }: Pick<FaceSet, 'images' | 'size'>, indices: Int32Array) {
  const bytes = faceAt({ images, size }, 0).length;
  const chosen = new Uint8Array(indices.length * bytes);
  for (const [row, index] of indices.entries()) chosen.set(faceAt({ images, size }, index), row * bytes);
  return { images: chosen, size, count: indices.length };
}

function emptyRows(count: number, dimension: number): FaceEmbeddings {
  return {
    original: new Float32Array(count * dimension),
    flipped: new Float32Array(count * dimension),
    dimension,
  };
}
