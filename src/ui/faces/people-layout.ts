export const PEOPLE_COLUMNS = 6;

/** Rows drawn beyond the visible ones, so that a little scrolling finds faces already there. */
const MARGIN_ROWS = 2;

/** The people a scrolled grid has to show: from `first` up to and without `end`. */
export function visiblePeople(
  people: number,
  rowHeight: number,
  scrollTop: number,
  height: number,
): { readonly first: number; readonly end: number } {
  const firstRow = Math.max(0, Math.floor(scrollTop / rowHeight) - MARGIN_ROWS);
  const endRow = Math.ceil((scrollTop + height) / rowHeight) + MARGIN_ROWS;
  return { first: Math.min(people, firstRow * PEOPLE_COLUMNS), end: Math.min(people, endRow * PEOPLE_COLUMNS) };
}

/** The person a key leads to; undefined where the key means nothing to the grid. */
export function personAfterKey(key: string, person: number, people: number): number | undefined {
  const last = people - 1;
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, person - 1);
    case 'ArrowRight':
      return Math.min(last, person + 1);
    case 'ArrowUp':
      return person < PEOPLE_COLUMNS ? person : person - PEOPLE_COLUMNS;
    case 'ArrowDown':
      return person + PEOPLE_COLUMNS > last ? person : person + PEOPLE_COLUMNS;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
