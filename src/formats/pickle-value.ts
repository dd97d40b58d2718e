/** What a pickle can hold here. Tuples and lists are both arrays; a Python 2 str is bytes. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleObject;

/** A name such as `numpy.dtype` that a pickle mentions. Nothing is ever imported or run by it. */
export class PickleGlobal {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What a known global makes of its arguments; a class where the format gives it a state afterwards (BUILD). */
export abstract class PickleInstance {
  /** Takes the state that BUILD hands over. @throws FormatProblem where it is none of this kind's. */
  abstract build(state: PickleValue): void;
}

export type PickleObject = PickleGlobal | PickleInstance;

/** Makes a value from the arguments of REDUCE or NEWOBJ. @throws FormatProblem where they do not fit. */
export type PickleConstructor = (args: readonly PickleValue[]) => PickleValue;
