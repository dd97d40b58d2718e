import type { Budget } from './budget.ts';
import { latin1Text } from './latin1.ts';
import { FormatProblem } from './problem.ts';

/**
 * The values a pickle can hold here. Tuples, lists and sets are arrays; a Python 2 str is bytes, but text as a dict's
 * key.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleGlobal
  | PickleObject;

/** A name such as `numpy.dtype` that a pickle mentions. Nothing is ever imported or run by it. */
export class PickleGlobal {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * An object that a pickle would make by a call: its class or function by name, and all that the pickle hands to it. It
 * keeps these and does nothing with them. Subclasses are the few kinds that are understood, such as tensors.
 */
export class PickleObject {
  /** "torch.nn.modules.conv.Conv2d"; empty where the pickle calls something that it has made itself. */
  readonly name: string;
  readonly args: readonly PickleValue[];
  /** The argument of BUILD: mostly a dict of attributes. */
  state: PickleValue = null;
  /** Entries, where it is a kind of dict; elements, where it is a kind of list or set. */
  items: Map<PickleValue, PickleValue> | undefined;
  elements: PickleValue[] | undefined;

  constructor(name: string, args: readonly PickleValue[] = []) {
    this.name = name;
    this.args = args;
  }

  /** Takes the state that BUILD hands over. */
  build(state: PickleValue): void {
    this.state = state;
  }
}

/**
 * Makes a value from the arguments of a call of a known name; undefined where they do not fit, so that the object stays
 * unknown. It charges every allocation beyond one small object to the budget.
 */
export type PickleConstructor = (args: readonly PickleValue[], budget: Budget) => PickleValue | undefined;

/** A text from a pickle, also one that Python 2 wrote as bytes; undefined for anything else. */
export function asText(value: PickleValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? latin1Text(value) : undefined;
}

/** The attributes of an object: of a state (dict, attributes in slots) both. */
export function attributesOf({ state }: PickleObject): readonly Map<PickleValue, PickleValue>[] {
  return (Array.isArray(state) && state.length === 2 ? state : [state]).filter((part) => part instanceof Map);
}

/** A pickle that lacks something: "a mark that is not there". */
export function damagedPickle(missing: string): FormatProblem {
  return new FormatProblem(
    'wrong-format',
    `The pickle is damaged: it needs ${missing}.`,
    'Copy or pack the file again.',
  );
}
