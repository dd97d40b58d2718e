/** The places of the tiles of a wall. Sizes in CSS pixels. */
export interface WallLayout {
  readonly columns: number;
  readonly tile: number;
  readonly columnGap: number;
  readonly rowGap: number;
}

const ROW_GAP = 7;
const LEAST_COLUMN_GAP = 5;
const MOST_COLUMN_GAP = 20;

/**
 * The columns that give the largest tiles, each a whole number of screen pixels a weight, so that weights are equal
 * squares.
 * @param budget height that the wall may take
 */
export function wallLayout(filters: number, kernelSize: number, width: number, budget: number): WallLayout {
  let best: WallLayout | undefined;
  for (let columns = 4; columns <= Math.min(16, filters); columns++) {
    const rows = Math.ceil(filters / columns);
    const wide = (width - (columns - 1) * LEAST_COLUMN_GAP) / columns;
    const high = (budget - (rows - 1) * ROW_GAP) / rows;
    const tile = Math.max(kernelSize, Math.floor(Math.min(wide, high) / kernelSize) * kernelSize);
    if (best !== undefined && tile <= best.tile) continue;
    const columnGap = Math.min(MOST_COLUMN_GAP, Math.floor((width - columns * tile) / (columns - 1)));
    best = { columns, tile, columnGap: Math.max(LEAST_COLUMN_GAP, columnGap), rowGap: ROW_GAP };
  }
  return best ?? { columns: 1, tile: kernelSize, columnGap: LEAST_COLUMN_GAP, rowGap: ROW_GAP };
}
