import type { Budget } from '../../formats/budget.ts';
import { elementCount } from '../../formats/shape.ts';
import { broadcastShape, type Constant, wholeNumbers } from './constant.ts';
import { ARITHMETIC, type Arithmetic, each } from './constant-arithmetic.ts';
import { reshaped } from './moved-constants.ts';
import { type FindTensor, type GraphNode, PASSES_WEIGHT, sourceOf } from './tensorflow-node.ts';

/** Deeper chains lead to no weight. */
const MOST_STEPS = 64;
/** A value of more numbers is none of a batch norm. */
const MOST_NUMBERS = 16_384;
const VALUE_BYTES = 8;

const OPERATIONS: ReadonlyMap<string, Arithmetic> = new Map([
  ['Add', ARITHMETIC.Add],
  ['AddV2', ARITHMETIC.Add],
  ['Sub', ARITHMETIC.Sub],
  ['Mul', ARITHMETIC.Mul],
  ['Div', ARITHMETIC.Div],
  ['RealDiv', ARITHMETIC.Div],
  ['Maximum', ARITHMETIC.Max],
  ['Minimum', ARITHMETIC.Min],
  ['Neg', ARITHMETIC.Neg],
  ['Sqrt', ARITHMETIC.Sqrt],
  ['Rsqrt', each((x) => 1 / Math.sqrt(x))],
  ['Square', each((x) => x * x)],
  ['Reciprocal', ARITHMETIC.Reciprocal],
]);

/** The few numbers of a TensorFlow graph that do not depend on its image, as those of a batch norm, worked out when asked for. */
export class TensorflowConstants {
  readonly #nodes: ReadonlyMap<string, GraphNode>;
  readonly #weights: FindTensor;
  readonly #take: (count: number) => void;
  readonly #known = new Map<string, Constant | undefined>();

  /** `weights` are those stored under a node's name; `budget` is charged for every value. */
  constructor(nodes: ReadonlyMap<string, GraphNode>, weights: FindTensor, budget: Budget) {
    this.#nodes = nodes;
    this.#weights = weights;
    this.#take = (count) => budget.charge(VALUE_BYTES * count, 'the values that it computes');
  }

  /** The value of an input of a node; undefined where it is none, or of many numbers. */
  value(input: string, steps = 0): Constant | undefined {
    const name = sourceOf(input);
    if (steps > MOST_STEPS || this.#known.has(name)) return this.#known.get(name);
    const found = this.#read(name, steps);
    this.#known.set(name, found);
    return found;
  }

  #read(name: string, steps: number): Constant | undefined {
    const tensor = this.#weights(name);
    if (tensor !== undefined) {
      if (elementCount(tensor.shape) > MOST_NUMBERS) return undefined;
      this.#take(elementCount(tensor.shape));
      const numbers = tensor.floats() ?? tensor.wholes?.();
      return numbers && { shape: tensor.shape, data: Float64Array.from(numbers) };
    }
    const node = this.#nodes.get(name);
    if (node === undefined) return undefined;
    const inputs = node.input.filter((input) => !input.startsWith('^'));
    const values = (count: number) => inputs.slice(0, count).map((input) => this.value(input, steps + 1));
    if (PASSES_WEIGHT.has(node.op)) return values(1)[0];
    if (node.op === 'Reshape') {
      const [x, sizes] = values(2);
      return x && sizes && reshaped(x, wholeNumbers(sizes), true);
    }
    const work = OPERATIONS.get(node.op);
    if (work === undefined) return undefined;
    const operands = values(2);
    const shape = operands.reduce<Constant['shape'] | undefined>(
      (whole, value) => whole && value && broadcastShape(whole, value.shape),
      [],
    );
    return shape !== undefined && elementCount(shape) <= MOST_NUMBERS ? work(operands, this.#take) : undefined;
  }
}
