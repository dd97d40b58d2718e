import { interpolateViridis } from 'd3-scale-chromatic';

const SHADES = 256;

/** Viridis, [256 * 3] bytes. */
const TABLE = Uint8Array.from(
  Array.from({ length: SHADES }, (_, shade) => parse(interpolateViridis(shade / (SHADES - 1)))).flat(),
);

function parse(colour: string): number[] {
  const hex = /^#?([0-9a-f]{6})$/i.exec(colour)?.[1];
  if (hex !== undefined) return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return (colour.match(/\d+/g) ?? []).slice(0, 3).map(Number);
}

/** Norms the scale is made for in the design; larger ones stretch it. */
const USUAL_CEILING = 1.8;
const CEILINGS = [USUAL_CEILING, 3, 5, 10, 20, 50, 100];

/** Where the colour scale ends, in steps, so that colours seldom change their meaning. */
export function normCeiling(highest: number): number {
  return CEILINGS.find((ceiling) => highest <= ceiling) ?? 10 ** Math.ceil(Math.log10(highest));
}

/** Writes the colour of a norm, on a square-root scale from 0 to `ceiling`, as RGBA at `at`. */
export function writeNormColour(norm: number, ceiling: number, pixels: Uint8ClampedArray, at: number): void {
  const share = Math.sqrt(Math.max(0, Math.min(1, norm / ceiling)));
  const shade = Math.round(share * (SHADES - 1)) * 3;
  pixels[at] = TABLE[shade] ?? 0;
  pixels[at + 1] = TABLE[shade + 1] ?? 0;
  pixels[at + 2] = TABLE[shade + 2] ?? 0;
  pixels[at + 3] = 255;
}

/** The scale as a CSS gradient from 0 to the ceiling, linear in the norm. */
export function normGradient(): string {
  const stops = Array.from({ length: 17 }, (_, place) => interpolateViridis(Math.sqrt(place / 16)));
  return `linear-gradient(90deg, ${stops.join(', ')})`;
}
