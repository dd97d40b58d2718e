import { type Constant, elementwise, type Take } from './constant.ts';

/** Arithmetic on constants, element by element; undefined where the shapes do not go together or an operand is missing. */
export type Arithmetic = (operands: readonly (Constant | undefined)[], take: Take) => Constant | undefined;

/** Operations that several formats have, by the names of ONNX. Everything is worked out in double precision or as stored. */
export const ARITHMETIC = {
  Add: pairwise((x, y) => x + y),
  Sub: pairwise((x, y) => x - y),
  Mul: pairwise((x, y) => x * y),
  Div: pairwise((x, y) => x / y),
  Pow: pairwise((x, y) => x ** y),
  Max: pairwise(Math.max),
  Min: pairwise(Math.min),
  Neg: each((x) => -x),
  Abs: each(Math.abs),
  Sqrt: each(Math.sqrt),
  Reciprocal: each((x) => 1 / x),
  Exp: each(Math.exp),
  Log: each(Math.log),
  Floor: each(Math.floor),
  Ceil: each(Math.ceil),
  Sign: each(Math.sign),
  Tanh: each(Math.tanh),
  Sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  Greater: pairwise((x, y) => Number(x > y)),
  GreaterOrEqual: pairwise((x, y) => Number(x >= y)),
  Less: pairwise((x, y) => Number(x < y)),
  LessOrEqual: pairwise((x, y) => Number(x <= y)),
  Equal: pairwise((x, y) => Number(x === y)),
  And: pairwise((x, y) => Number(x !== 0 && y !== 0)),
  Or: pairwise((x, y) => Number(x !== 0 || y !== 0)),
  Xor: pairwise((x, y) => Number((x !== 0) !== (y !== 0))),
  Not: each((x) => Number(x === 0)),
  IsNaN: each((x) => Number(Number.isNaN(x))),
  IsInf: each((x) => Number(Math.abs(x) === Number.POSITIVE_INFINITY)),
  Relu: each((x) => Math.max(0, x)),
} satisfies Readonly<Record<string, Arithmetic>>;

/** The constant with each number replaced. */
export function mapped(x: Constant, of: (value: number) => number, take: Take): Constant {
  take(x.data.length);
  return { shape: x.shape, data: x.data.map(of) };
}

export function each(of: (value: number) => number): Arithmetic {
  return ([x], take) => x && mapped(x, of, take);
}

function pairwise(of: (x: number, y: number) => number): Arithmetic {
  return ([first, ...others], take) => {
    let result = first;
    for (const other of others) result = result && other && elementwise(result, other, of, take);
    return result;
  };
}
