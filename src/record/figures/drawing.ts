/** Colours of figures: the light theme's, under either theme of the page. */
export const PAPER = {
  surface: '#ffffff',
  sunken: '#f1f3f5',
  hairline: '#e3e7eb',
  mark: '#8a95a1',
  hatch: '#9aa4af',
  ink: '#1b2027',
  ink2: '#56606b',
  standard: '#486179',
  craft: '#d55e00',
  event: '#ff7a1a',
} as const;

/** A filled or stroked outline; `d` is SVG path data, which a canvas reads too. */
export interface Outline {
  readonly kind: 'path';
  readonly d: string;
  readonly fill?: string;
  readonly stroke?: string;
  readonly width?: number;
  /** Lengths of dashes and gaps. */
  readonly dash?: readonly number[];
  readonly opacity?: number;
  /** Draw whole pixels, as weights are. */
  readonly crisp?: boolean;
}

/** A line of text; `y` is its baseline. */
export interface Label {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly bold?: boolean;
  readonly fill: string;
  readonly align?: 'start' | 'middle' | 'end';
}

/** A square picture of grey bytes [pixels, pixels], scaled to `side` without smoothing. */
export interface GreyPicture {
  readonly kind: 'picture';
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly pixels: number;
  readonly grey: Uint8ClampedArray<ArrayBuffer>;
}

export type Shape = Outline | Label | GreyPicture;

/** A figure to be written as SVG or painted as PNG: shapes, the first at the back. Sizes in CSS pixels. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Its contents, in a sentence. */
  readonly title: string;
  readonly shapes: readonly Shape[];
}

export function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}

export function circle(x: number, y: number, radius: number): string {
  return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
}

/** An arm's sign: a slate square or a vermillion circle, about 9 wide, around a point. */
export function armMark(arm: 'standard' | 'craft', x: number, y: number): Outline {
  return arm === 'standard'
    ? { kind: 'path', d: rectangle(x - 4.5, y - 4.5, 9, 9), fill: PAPER.standard }
    : { kind: 'path', d: circle(x, y, 4.5), fill: PAPER.craft };
}
