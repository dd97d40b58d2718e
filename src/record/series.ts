const FIRST_ROOM = 64;

/**
 * Rows of numbers, one row a telemetry tick, in typed arrays that grow. When `capacity` rows are full every second
 * one is dropped and from then on only every second tick is kept, so that a run of any length takes bounded memory.
 * The newest row is always there, kept for good or not.
 */
export class StepTable {
  readonly width: number;
  readonly capacity: number;
  #steps: Int32Array;
  #rows: Float32Array;
  #length = 0;
  #ticks = 0;
  #stride = 1;
  #thinnings = 0;

  /** `width` numbers a row; `capacity` is even and at least 4. */
  constructor(width: number, capacity: number) {
    if (capacity < 4 || capacity % 2 !== 0) throw new RangeError(`A capacity of ${capacity} rows cannot be halved.`);
    this.width = width;
    this.capacity = capacity;
    const room = Math.min(FIRST_ROOM, capacity);
    this.#steps = new Int32Array(room);
    this.#rows = new Float32Array(room * width);
  }

  /** Of so many ticks one row is kept. */
  get stride(): number {
    return this.#stride;
  }

  /** Takes rows over that another table of this width had kept, into an empty one. */
  restore(steps: ArrayLike<number>, rows: Float32Array, stride: number): void {
    for (let index = 0; index < steps.length; index++) {
      this.append(steps[index] ?? 0, rows.subarray(index * this.width, (index + 1) * this.width));
    }
    this.#stride = Math.max(this.#stride, stride);
    // The newest row stays: whether its tick was one to keep is not known.
    if (this.#length > 0) this.#ticks = (this.#length - 1) * this.#stride + 1;
  }

  get length(): number {
    return this.#length;
  }

  /** How often rows were dropped; a chart redraws when this changes. */
  get thinnings(): number {
    return this.#thinnings;
  }

  /** Steps of the rows there are, rising. A view: valid until the next `append`. */
  get steps(): Int32Array {
    return this.#steps.subarray(0, this.#length);
  }

  /** All rows, one after the other. A view: valid until the next `append`. */
  get rows(): Float32Array {
    return this.#rows.subarray(0, this.#length * this.width);
  }

  append(step: number, row: ArrayLike<number>): void {
    if (row.length !== this.width) throw new RangeError(`A row has ${this.width} numbers, not ${row.length}.`);
    const newestMayGo = this.#length > 0 && (this.#ticks - 1) % this.#stride !== 0;
    if (newestMayGo) this.#length--;
    if (this.#length === this.capacity) this.#thin();
    this.#makeRoom();
    this.#steps[this.#length] = step;
    this.#rows.set(row, this.#length * this.width);
    this.#length++;
    this.#ticks++;
  }

  /** Drops the rows after `step`, as if they had not been appended. */
  cut(step: number): void {
    const kept = this.indexAt(step) + 1;
    if (kept === this.#length) return;
    this.#length = kept;
    this.#ticks = kept === 0 ? 0 : (kept - 1) * this.#stride + 1;
    this.#thinnings++;
  }

  /** Row `index`, a view. */
  row(index: number): Float32Array {
    return this.#rows.subarray(index * this.width, Math.min(index + 1, this.#length) * this.width);
  }

  /** Index of the last row at or before `step`, or -1. */
  indexAt(step: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#steps[middle] ?? 0) <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The last row at or before `step` (the newest without one), or undefined. */
  at(step = Number.POSITIVE_INFINITY): { readonly step: number; readonly row: Float32Array } | undefined {
    const index = this.indexAt(step);
    return index < 0 ? undefined : { step: this.#steps[index] ?? 0, row: this.row(index) };
  }

  #makeRoom(): void {
    if (this.#length < this.#steps.length) return;
    const room = Math.min(this.#steps.length * 2, this.capacity);
    const steps = new Int32Array(room);
    const rows = new Float32Array(room * this.width);
    steps.set(this.#steps);
    rows.set(this.#rows);
    this.#steps = steps;
    this.#rows = rows;
  }

  #thin(): void {
    const kept = this.#length / 2;
    for (let index = 1; index < kept; index++) {
      this.#steps[index] = this.#steps[index * 2] ?? 0;
      this.#rows.copyWithin(index * this.width, index * 2 * this.width, (index * 2 + 1) * this.width);
    }
    this.#length = kept;
    this.#stride *= 2;
    this.#thinnings++;
  }
}

/** One number a tick. */
export class Series extends StepTable {
  constructor(capacity = 32_768) {
    super(1, capacity);
  }

  push(step: number, value: number): void {
    this.append(step, [value]);
  }

  /** The value at or before `step` (the newest without one), or undefined. */
  valueAt(step?: number): number | undefined {
    return this.at(step)?.row[0];
  }
}
