import { floatsOf } from './element-types.ts';

/** The bits of a number in half precision (IEEE 754 binary16), rounded to the nearest, halves to even. */
export function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65_520) return sign | 0x7c00;
  const power = Math.max(-14, Math.floor(Math.log2(size === 0 ? 2 ** -24 : size)));
  const scaled = size / 2 ** (power - 10);
  const down = Math.floor(scaled);
  const whole = scaled - down > 0.5 || (scaled - down === 0.5 && down % 2 === 1) ? down + 1 : down;
  // A mantissa that is rounded up to the next power carries into the exponent.
  return sign | (whole < 1024 ? whole : (power + 14) * 1024 + whole);
}

/** Numbers of half-precision bits as float32. */
export function fromHalfBits(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const bytes = new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength);
  return floatsOf({ type: 'F16', shape: [bits.length], bytes }) ?? new Float32Array(0);
}
