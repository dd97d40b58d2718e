import { centreOf, type NamedBatchNorm } from '../../craft/convolution.ts';
import type { Constant } from './constant.ts';

/** The effect of an operation on each channel of the result that it takes: y = factor · x + shift. */
export interface ChannelStep {
  /** The axis of the channels in its own result. */
  readonly axis: number;
  /** One number, or one for each channel. */
  readonly factor: readonly number[];
  readonly shift: readonly number[];
}

/** The values themselves stay; perhaps in another order of axes. */
export function keptStep(axis: number): ChannelStep {
  return { axis, factor: [1], shift: [0] };
}

/** Axes in another order, where an image of four axes gets one. */
export function turnedStep(axis: number, order: readonly number[]): ChannelStep | undefined {
  const turned = order.indexOf(axis);
  return order.length === IMAGE_AXES && turned >= 0 ? keptStep(turned) : undefined;
}

/** The step of arithmetic on two operands, one of which is a constant and the other, undefined here, the image; undefined for others. */
export function arithmeticStep(
  operation: 'add' | 'sub' | 'mul' | 'div',
  operands: readonly (Constant | undefined)[],
  axis: number,
  filters: number,
): ChannelStep | undefined {
  const [first, second] = operands;
  const constant = first ?? second;
  if (operands.length !== 2 || constant === undefined || operands.every((operand) => operand !== undefined))
    return undefined;
  const values = perChannel(constant, axis, filters);
  if (values === undefined) return undefined;
  const constantFirst = constant === first;
  switch (operation) {
    case 'add':
      return { axis, factor: [1], shift: values };
    case 'sub':
      return constantFirst
        ? { axis, factor: [-1], shift: values }
        : { axis, factor: [1], shift: values.map((value) => -value) };
    case 'mul':
      return { axis, factor: values, shift: [0] };
    case 'div':
      return constantFirst ? undefined : { axis, factor: values.map((value) => 1 / value), shift: [0] };
  }
}

/** One number, or one for each channel of an image of four axes, by NumPy's rules; undefined for other constants. */
function perChannel({ shape, data }: Constant, axis: number, filters: number): readonly number[] | undefined {
  if (data.length === 1 && shape.length <= IMAGE_AXES) return [...data];
  const own = axis - IMAGE_AXES + shape.length;
  return data.length === filters && shape.length <= IMAGE_AXES && shape[own] === filters ? [...data] : undefined;
}

const IMAGE_AXES = 4;

/** Steps behind each other, as one batch norm. */
export class ChannelSteps {
  readonly #factor: Float64Array<ArrayBuffer>;
  readonly #shift: Float64Array<ArrayBuffer>;
  #name: string | undefined;

  constructor(filters: number) {
    this.#factor = new Float64Array(filters).fill(1);
    this.#shift = new Float64Array(filters);
  }

  add(name: string, { factor, shift }: ChannelStep): void {
    for (const [filter, value] of this.#factor.entries()) {
      const by = factor[factor.length === 1 ? 0 : filter] ?? Number.NaN;
      this.#factor[filter] = value * by;
      this.#shift[filter] = (this.#shift[filter] ?? 0) * by + (shift[shift.length === 1 ? 0 : filter] ?? Number.NaN);
    }
    if (factor.length > 1) this.#name = name;
  }

  /** The steps alone, where one of them scales each channel by a number of its own: by the name of the last of these. */
  get alone(): NamedBatchNorm | undefined {
    if (this.#name === undefined) return undefined;
    const filters = this.#factor.length;
    return {
      name: this.#name,
      gamma: this.#factor,
      movingVariance: new Float32Array(filters).fill(1),
      epsilon: 0,
      ...centreOf(filters, this.#shift, new Float32Array(filters)),
    };
  }

  /** A batch norm behind the steps, as it changes the values in front of them. */
  before(batchNorm: NamedBatchNorm): NamedBatchNorm {
    const { gamma, movingVariance, epsilon, centre } = batchNorm;
    const scaled = this.#factor.some((factor) => factor !== 1);
    if (!scaled && this.#shift.every((shift) => shift === 0)) return batchNorm;
    const mean = this.#shift.map((shift, filter) => (centre?.movingMean[filter] ?? 0) - shift);
    // A bias moves the mean alone. Behind a factor, which may be 0, the mean belongs to the shift.
    const beta = mean.map((value, filter) => {
      const deviation = Math.sqrt((movingVariance[filter] ?? 0) + epsilon);
      return (centre?.beta[filter] ?? 0) - ((gamma[filter] ?? 0) * value) / deviation;
    });
    const moved = scaled
      ? { beta, movingMean: new Float32Array(gamma.length) }
      : { beta: centre?.beta ?? beta, movingMean: mean };
    return {
      ...batchNorm,
      gamma: this.#factor.map((factor, filter) => factor * (gamma[filter] ?? 0)),
      ...(centre === undefined ? {} : { centre: moved }),
    };
  }
}
