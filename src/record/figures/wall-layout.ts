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

/** How much higher than its budget a wall may be, and how much smaller its tiles, for rows of the same length. */
const EVEN_ROWS = { height: 1.35, tile: 0.75 } as const;

/**
 * The columns that give the largest tiles, each a whole number of screen pixels a weight, so that weights are equal
 * squares. A wall that leaves width empty looks broken, and where a window is tall, few columns of tiles hardly larger would
 * do that: tiles count less, by the square of the share of the width that their rows fill. Rows of the same length are worth
 * a little, too: a last row with gaps looks as if filters were missing.
 * @param budget height that the wall should take
 */
export function wallLayout(filters: number, kernelSize: number, width: number, budget: number): WallLayout {
  const fewest = Math.max(1, Math.min(4, filters));
  const all = Array.from({ length: Math.min(16, filters) - fewest + 1 }, (_, place) => fewest + place);
  const largest = largestTiles(all, filters, kernelSize, width, budget);
  const even = all.filter((columns) => filters % columns === 0);
  const evenRows = largestTiles(even, filters, kernelSize, width, budget * EVEN_ROWS.height);
  const chosen = evenRows !== undefined && evenRows.tile >= (largest?.tile ?? 0) * EVEN_ROWS.tile ? evenRows : largest;
  return chosen ?? { columns: 1, tile: kernelSize, columnGap: LEAST_COLUMN_GAP, rowGap: ROW_GAP };
}

/** Of these numbers of columns, the one whose tiles count as the largest; undefined where there is none to choose from. */
function largestTiles(
  choices: readonly number[],
  filters: number,
  kernelSize: number,
  width: number,
  height: number,
): WallLayout | undefined {
  let best: WallLayout | undefined;
  let largest = 0;
  for (const columns of choices) {
    const rows = Math.ceil(filters / columns);
    const wide = (width - (columns - 1) * LEAST_COLUMN_GAP) / columns;
    const high = (height - (rows - 1) * ROW_GAP) / rows;
    const tile = Math.max(kernelSize, Math.floor(Math.min(wide, high) / kernelSize) * kernelSize);
    const widest = Math.min(MOST_COLUMN_GAP, Math.floor((width - columns * tile) / Math.max(1, columns - 1)));
    const columnGap = Math.max(LEAST_COLUMN_GAP, widest);
    const filled = Math.min(1, (columns * tile + (columns - 1) * columnGap) / width);
    const counts = tile * filled * filled;
    if (counts <= largest) continue;
    largest = counts;
    best = { columns, tile, columnGap, rowGap: ROW_GAP };
  }
  return best;
}
