/** The bits of a floating-point format below 32 bits: sign, exponent, mantissa. */
export interface SmallFloat {
  readonly exponent: number;
  readonly mantissa: number;
  readonly bias: number;
  /**
   * Bit patterns with a meaning of their own. `ieee`: the largest exponent is infinity or NaN. `nan`: all ones are NaN.
   * `unsigned-zero`: minus zero is NaN. `none`: all are numbers.
   */
  readonly special: 'ieee' | 'nan' | 'unsigned-zero' | 'none';
}

export const FLOAT16: SmallFloat = { exponent: 5, mantissa: 10, bias: 15, special: 'ieee' };
export const BFLOAT16: SmallFloat = { exponent: 8, mantissa: 7, bias: 127, special: 'ieee' };
/** arXiv 2209.05433 and 2206.02915 (fnuz). */
export const FLOAT8 = {
  e4m3fn: { exponent: 4, mantissa: 3, bias: 7, special: 'nan' },
  e4m3fnuz: { exponent: 4, mantissa: 3, bias: 8, special: 'unsigned-zero' },
  e5m2: { exponent: 5, mantissa: 2, bias: 15, special: 'ieee' },
  e5m2fnuz: { exponent: 5, mantissa: 2, bias: 16, special: 'unsigned-zero' },
} as const satisfies Record<string, SmallFloat>;
/** Open Compute Project, Microscaling Formats 1.0. */
export const FLOAT4: SmallFloat = { exponent: 2, mantissa: 1, bias: 1, special: 'none' };

/** The number of a bit pattern. */
export function smallFloatOf(bits: number, { exponent, mantissa, bias, special }: SmallFloat): number {
  const sign = (bits >> (exponent + mantissa)) & 1 ? -1 : 1;
  const power = (bits >> mantissa) & (2 ** exponent - 1);
  const fraction = bits & (2 ** mantissa - 1);
  if (special === 'ieee' && power === 2 ** exponent - 1) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (special === 'nan' && power === 2 ** exponent - 1 && fraction === 2 ** mantissa - 1) return Number.NaN;
  if (special === 'unsigned-zero' && sign < 0 && power === 0 && fraction === 0) return Number.NaN;
  const value = power === 0 ? fraction * 2 ** (1 - bias) : (2 ** mantissa + fraction) * 2 ** (power - bias);
  return (sign * value) / 2 ** mantissa;
}
