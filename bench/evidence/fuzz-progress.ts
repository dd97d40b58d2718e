/** The work of a thread that reads damaged files: those from one index up to another. */
export interface FuzzWork {
  readonly name: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly shared: SharedArrayBuffer;
}

const FIELDS = 6;

/** How far a thread is, seen by both sides while the thread is busy. */
export class FuzzProgress {
  readonly #numbers: Float64Array;

  constructor(shared: SharedArrayBuffer) {
    this.#numbers = new Float64Array(shared);
  }

  static memory(): SharedArrayBuffer {
    return new SharedArrayBuffer(FIELDS * Float64Array.BYTES_PER_ELEMENT);
  }

  #at(field: number): number {
    return this.#numbers[field] ?? 0;
  }

  /** The file that is read now. */
  get index(): number {
    return this.#at(0);
  }
  set index(value: number) {
    this.#numbers[0] = value;
  }

  get read(): number {
    return this.#at(1);
  }
  set read(value: number) {
    this.#numbers[1] = value;
  }

  get refused(): number {
    return this.#at(2);
  }
  set refused(value: number) {
    this.#numbers[2] = value;
  }

  /** Processor time of the slowest file, and which it was. */
  get slowestMs(): number {
    return this.#at(3);
  }
  set slowestMs(value: number) {
    this.#numbers[3] = value;
  }

  get slowest(): number {
    return this.#at(4);
  }
  set slowest(value: number) {
    this.#numbers[4] = value;
  }

  /** The most memory that the process took beyond that at the thread's start, in bytes. */
  get peak(): number {
    return this.#at(5);
  }
  set peak(value: number) {
    this.#numbers[5] = value;
  }
}
