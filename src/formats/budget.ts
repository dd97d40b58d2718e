import { FormatProblem } from './problem.ts';

const MIB = 2 ** 20;

/** How much a file may ask for. */
export interface Allowance {
  /** Bytes that any file may take, however small it is. */
  readonly floor: number;
  /** Bytes taken for each byte of the file, up to `ceiling`. */
  readonly ratio: number;
  /** Bytes above which a file may take no more than `honest` times its own size. */
  readonly ceiling: number;
  readonly honest: number;
}

/**
 * The memory that a reader may hold for one file. The largest honest demand is a half-precision model in a zip:
 * unpacked it takes its size, as float32 numbers twice that.
 */
const READING: Allowance = { floor: 64 * MIB, ratio: 32, ceiling: 704 * MIB, honest: 6 };

/**
 * The approximate memory of one small object in a JavaScript engine: an array, a Map, a view of the file, with its
 * place.
 */
export const OBJECT_BYTES = 200;
/** The approximate memory of an entry of a list. */
export const ENTRY_BYTES = 16;
/** Of an entry of a list that grows, and of a Map, with its part of the larger copy that the engine makes meanwhile. */
export const GROWING_ENTRY_BYTES = 36;
export const MAP_ENTRY_BYTES = 96;

/**
 * The memory that reading one input may take. Readers charge it before they allocate, so that a small file which asks
 * for gigabytes is refused by a sentence and not by the engine. The charge is an estimate from above; it also bounds
 * the work, since nothing is read into memory without it.
 */
export class Budget {
  /** Bytes. */
  readonly limit: number;
  #charged = 0;
  #peak = 0;

  /** `fileBytes`: the input's own size, which is not charged. */
  constructor(fileBytes: number, { floor, ratio, ceiling, honest }: Allowance = READING) {
    this.limit = Math.max(floor, Math.min(ceiling, ratio * fileBytes), honest * fileBytes);
  }

  /** Bytes charged and not given back. */
  get charged(): number {
    return this.#charged;
  }

  /** The most that was charged at one time, refused demands left out. */
  get peak(): number {
    return this.#peak;
  }

  /**
   * Takes `bytes`, or refuses. `part` names the demand in the sentence: "its weights".
   * @throws FormatProblem `too-large`
   */
  charge(bytes: number, part = 'its parts'): void {
    // NaN and infinity are demands as well.
    if (!(this.#charged + bytes <= this.limit)) {
      throw new FormatProblem(
        'too-large',
        `Reading this file would take too much memory: ${part} need more than the ${Math.round(this.limit / MIB)} MB that a file of its size may use.`,
        'It is damaged, or made to fill the memory; copy or export it again.',
      );
    }
    this.#charged += bytes;
    this.#peak = Math.max(this.#peak, this.#charged);
  }

  /** Gives back memory that is held no longer. */
  release(bytes: number): void {
    this.#charged = Math.max(0, this.#charged - bytes);
  }
}
