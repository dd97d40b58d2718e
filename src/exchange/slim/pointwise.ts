import type { OnnxNode } from '../../formats/onnx.ts';

/** Bounds of numbers: [low, high]. */
export type Bounds = readonly [number, number];

/** The function that an operator applies to each number. */
interface Pointwise {
  readonly of: (x: number) => number;
  /** It never falls where its argument grows, so that bounds stay bounds. */
  readonly monotone: boolean;
}

const attribute = (node: OnnxNode, name: string, fallback: number) => node.attributes.get(name)?.float ?? fallback;

/** Operators that act on each number alone; `low` and `high` are the limits of a Clip where they are inputs. */
export function pointwiseOf(node: OnnxNode, low: number | undefined, high: number | undefined): Pointwise | undefined {
  const rising = (of: (x: number) => number): Pointwise => ({ of, monotone: true });
  const any = (of: (x: number) => number): Pointwise => ({ of, monotone: false });
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const cut = (x: number, from: number, to: number) => Math.min(to, Math.max(from, x));
  switch (node.operator) {
    case 'Identity':
    case 'Dropout':
      return rising((x) => x);
    case 'Relu':
      return rising((x) => Math.max(0, x));
    case 'LeakyRelu': {
      const alpha = attribute(node, 'alpha', 0.01);
      return { of: (x) => (x < 0 ? alpha * x : x), monotone: alpha >= 0 };
    }
    case 'Elu': {
      const alpha = attribute(node, 'alpha', 1);
      return { of: (x) => (x < 0 ? alpha * Math.expm1(x) : x), monotone: alpha >= 0 };
    }
    case 'Sigmoid':
      return rising(sigmoid);
    case 'Tanh':
      return rising(Math.tanh);
    case 'Softplus':
      return rising((x) => Math.log1p(Math.exp(x)));
    case 'Clip': {
      const from = low ?? attribute(node, 'min', -Infinity);
      const to = high ?? attribute(node, 'max', Infinity);
      return rising((x) => cut(x, from, to));
    }
    case 'HardSigmoid': {
      const [alpha, beta] = [attribute(node, 'alpha', 0.2), attribute(node, 'beta', 0.5)];
      return { of: (x) => cut(alpha * x + beta, 0, 1), monotone: alpha >= 0 };
    }
    case 'HardSwish':
      return any((x) => x * cut(x / 6 + 0.5, 0, 1));
    case 'Mish':
      return any((x) => x * Math.tanh(Math.log1p(Math.exp(x))));
    case 'Abs':
      return any(Math.abs);
    case 'Neg':
      return any((x) => -x);
    case 'Exp':
      return rising(Math.exp);
    default:
      return undefined;
  }
}

/** Bounds behind such an operator. */
export function boundsBehind({ of, monotone }: Pointwise, [low, high]: Bounds): Bounds {
  if (low === high) return [of(low), of(low)];
  return monotone && Number.isFinite(low) && Number.isFinite(high) ? [of(low), of(high)] : OPEN;
}

export const OPEN: Bounds = [-Infinity, Infinity];

/** x where it is positive, `slope` times x where it is not. */
export function preluBounds([low, high]: Bounds, slope: number): Bounds {
  const of = (x: number) => (x < 0 ? slope * x : x);
  if (low === high) return [of(low), of(low)];
  const ends = [of(low), of(high), ...(low < 0 && high > 0 ? [0] : [])];
  return ends.some(Number.isNaN) ? OPEN : [Math.min(...ends), Math.max(...ends)];
}

/** factor * x + shift; a factor of zero leaves the shift alone, also of open bounds. */
export function affineBounds([low, high]: Bounds, factor: number, shift: number): Bounds {
  if (factor === 0) return [shift, shift];
  const [a, b] = [factor * low + shift, factor * high + shift];
  return [Math.min(a, b), Math.max(a, b)];
}

/** Bounds of the combination of two channels. */
export function combined(operator: string, [a, b]: Bounds, [c, d]: Bounds): Bounds {
  const ends = (values: readonly number[]): Bounds =>
    values.some(Number.isNaN) ? OPEN : [Math.min(...values), Math.max(...values)];
  switch (operator) {
    case 'Add':
      return [a + c, b + d];
    case 'Sub':
      return [a - d, b - c];
    case 'Mul': {
      // Finite numbers times zero.
      const times = (x: number, y: number) => (x === 0 || y === 0 ? 0 : x * y);
      return ends([times(a, c), times(a, d), times(b, c), times(b, d)]);
    }
    case 'Div':
      return c === d && c !== 0 ? ends([a / c, b / c]) : OPEN;
    case 'Max':
      return [Math.max(a, c), Math.max(b, d)];
    case 'Min':
      return [Math.min(a, c), Math.min(b, d)];
    default:
      return OPEN;
  }
}
