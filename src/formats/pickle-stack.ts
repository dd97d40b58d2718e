import { type Budget, GROWING_ENTRY_BYTES } from './budget.ts';
import { damagedPickle, type PickleValue } from './pickle-value.ts';

/** The stack of a pickle, with marks in it. Values below an open mark cannot be taken. */
export class PickleStack {
  readonly #values: PickleValue[] = [];
  /** Heights at open marks. */
  readonly #marks: number[] = [];
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  push(value: PickleValue): void {
    this.#budget.charge(GROWING_ENTRY_BYTES);
    this.#values.push(value);
  }

  mark(): void {
    this.#budget.charge(GROWING_ENTRY_BYTES);
    this.#marks.push(this.#values.length);
  }

  /** @throws FormatProblem where there is none */
  top(): PickleValue {
    return this.#values.length === 0 ? this.#missing() : (this.#values.at(-1) ?? null);
  }

  /** @throws FormatProblem where there is none above the last mark */
  pop(): PickleValue {
    if (this.#values.length <= (this.#marks.at(-1) ?? 0)) this.#missing();
    return this.#values.pop() ?? null;
  }

  /** The opcode POP: a value, or the mark where nothing lies above it. */
  popOrUnmark(): void {
    if (this.#marks.at(-1) === this.#values.length) this.#marks.pop();
    else this.pop();
  }

  /** @throws FormatProblem where there are fewer above the last mark */
  popMany(count: number): PickleValue[] {
    if (this.#values.length - count < (this.#marks.at(-1) ?? 0)) this.#missing();
    return this.#values.splice(this.#values.length - count);
  }

  /** All values above the last mark, which is closed. @throws FormatProblem where none is open */
  sinceMark(): PickleValue[] {
    const mark = this.#marks.pop();
    return this.#values.splice(mark ?? this.#missing());
  }

  #missing(): never {
    throw damagedPickle('a value that is not there');
  }
}
