import { cosine, curve, sine } from './elementary.ts';

/**
 * The grid every head is drawn on: rows from the crown to the neck, columns around the head.
 * Lengths are pixels of the ArcFace 112 template seen from the front (about 1.8 mm each): x to the
 * right of the image from the middle of the face, y down as in the template, z towards the viewer
 * from the axis of the ears.
 */

/** Template heights of the rows at the front; 92 occurs twice: the lips part between these two rows. */
const ROW_HEIGHTS: readonly number[] = [
  -16, -14.5, -11, -5, 2, 9, 14, 18, 22, 26, 30, 33, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62, 64, 66, 68,
  70, 71.5, 73, 74.5, 76, 77.5, 79, 80.5, 82, 84, 86, 87.5, 89, 90.5, 92, 92, 93.5, 95, 96.5, 98, 100, 102, 104, 106,
  108, 110, 112, 113.5, 115, 118, 126, 145,
];

export const ROWS = ROW_HEIGHTS.length;
/** The first and the last column are the same seam at the back of the head. */
export const COLUMNS = 65;
export const VERTICES = ROWS * COLUMNS;
/** The row of the upper lip's edge; the next row is the lower lip's. */
export const LIP_ROW = ROW_HEIGHTS.indexOf(92);

/** Template height of a row at the front of the average head. */
export function rowHeight(row: number): number {
  return ROW_HEIGHTS[row] ?? 0;
}

/** Angle of a column around the head, 0 at the front, +-pi at the seam; columns lie densest in front. */
function columnAngle(column: number): number {
  const s = (2 * column) / (COLUMNS - 1) - 1;
  return Math.PI * (0.4 * s + 0.6 * s * s * s);
}

const HALF_WIDTH = curve([
  [-16, 0.5],
  [-14.5, 12],
  [-11, 22],
  [-5, 31],
  [2, 37],
  [10, 40.5],
  [18, 41.5],
  [30, 41],
  [43, 40.5],
  [52, 40],
  [62, 39.2],
  [77, 37],
  [92, 33.6],
  [101, 31.6],
  [107, 30.2],
  [112, 28.5],
  [115, 27],
  [118, 26],
  [126, 26],
  [145, 29],
]);

const FRONT_DEPTH = curve([
  [-16, 0.5],
  [-14.5, 14],
  [-11, 25],
  [-5, 35],
  [2, 43],
  [10, 48.5],
  [18, 51.5],
  [30, 54],
  [43, 55],
  [52, 52.5],
  [62, 52.5],
  [77, 54],
  [85, 55.5],
  [92, 55.5],
  [98, 55],
  [102, 53.5],
  [107, 54],
  [110, 52.5],
  [112, 49],
  [113.5, 43],
  [115, 34],
  [118, 26],
  [126, 22],
  [145, 21],
]);

const BACK_DEPTH = curve([
  [-16, 0.5],
  [-11, 28],
  [-5, 40],
  [2, 49],
  [18, 56],
  [30, 57],
  [52, 53],
  [77, 43],
  [92, 36],
  [112, 32],
  [145, 35],
]);

/** How much of a row's section is an ellipse; the rest is squarer. */
const ROUNDNESS = curve([
  [-16, 1],
  [18, 0.75],
  [43, 0.7],
  [52, 0.72],
  [77, 0.85],
  [107, 0.95],
  [145, 1],
]);

/** How far the row's sides lie above its front: the line of the jaw. */
const SIDE_RISE = curve([
  [62, 0],
  [77, 6],
  [92, 14],
  [107, 24],
  [112, 28],
  [118, 24],
  [126, 14],
  [145, 0],
]);

/** The shared part of a grid of heads: sections and angles by row and column. */
export interface HeadGrid {
  /** [ROWS] */
  readonly halfWidth: Float64Array;
  readonly frontDepth: Float64Array;
  readonly backDepth: Float64Array;
  readonly roundness: Float64Array;
  readonly sideRise: Float64Array;
  /** [COLUMNS] */
  readonly sine: Float64Array;
  readonly cosine: Float64Array;
  /** Corners of the triangles, three each; the outside turns clockwise in the image. */
  readonly triangles: Uint16Array;
}

export const HEAD_GRID: HeadGrid = {
  halfWidth: Float64Array.from(ROW_HEIGHTS, HALF_WIDTH),
  frontDepth: Float64Array.from(ROW_HEIGHTS, FRONT_DEPTH),
  backDepth: Float64Array.from(ROW_HEIGHTS, BACK_DEPTH),
  roundness: Float64Array.from(ROW_HEIGHTS, ROUNDNESS),
  sideRise: Float64Array.from(ROW_HEIGHTS, SIDE_RISE),
  sine: Float64Array.from({ length: COLUMNS }, (_, column) => sine(columnAngle(column))),
  cosine: Float64Array.from({ length: COLUMNS }, (_, column) => cosine(columnAngle(column))),
  triangles: gridTriangles(ROWS, COLUMNS),
};

/** Two triangles a cell of a grid of vertices stored row by row. */
export function gridTriangles(rows: number, columns: number): Uint16Array {
  const corners: number[] = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const upper = row * columns + column;
      const lower = upper + columns;
      corners.push(upper, upper + 1, lower, lower, upper + 1, lower + 1);
    }
  }
  return Uint16Array.from(corners);
}
