import { type Budget, GROWING_ENTRY_BYTES, OBJECT_BYTES } from './budget.ts';
import { damagedPickle, type PickleValue } from './pickle-value.ts';

/** How far behind the last key a key may lie: Python 2 counts from 1, and a value may be kept out of turn. */
const WIDEST_GAP = 16;

/**
 * The values that a pickle keeps under numbers. Python counts them up: these lie in an array, since a Map of millions of
 * keys takes far longer. Others lie in a Map.
 */
export class PickleMemo {
  readonly #counted: (PickleValue | undefined)[] = [];
  readonly #others = new Map<number, PickleValue>();
  readonly #budget: Budget;
  /** How many keys there are: the next one of the opcode MEMOIZE. */
  #size = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#size;
  }

  set(key: number, value: PickleValue): void {
    if (this.#find(key) === undefined) this.#size++;
    // A file that numbers its values anew takes no more memory, and is charged all the same for its time.
    const behind = key - this.#counted.length;
    if (Number.isInteger(key) && key >= 0 && behind < WIDEST_GAP) {
      this.#budget.charge(GROWING_ENTRY_BYTES * Math.max(1, behind + 1));
      while (this.#counted.length < key) this.#counted.push(undefined);
      this.#counted[key] = value;
    } else {
      this.#budget.charge(OBJECT_BYTES);
      this.#others.set(key, value);
    }
  }

  /** @throws FormatProblem where nothing was kept under the key */
  get(key: number): PickleValue {
    const value = this.#find(key);
    if (value === undefined) throw damagedPickle(`memo ${key}, which was never filled`);
    return value;
  }

  #find(key: number): PickleValue | undefined {
    // A key may have been among the others before the counted ones reached it; the newest value is the counted one.
    const counted = this.#counted[key];
    return counted === undefined ? this.#others.get(key) : counted;
  }
}
