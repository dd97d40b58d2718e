/*
 * Cells and lines of CSV files, for a spreadsheet that reads some characters as its own. They are apart from the text of
 * notices, which the page loads at its start.
 */

/**
 * Where a spreadsheet takes a text for a formula: at the start of a cell, also of one that begins behind a mark
 * which parts cells in other countries or programs. The wide signs count in East Asian editions.
 */
const SIGN = '(^|[;\\t\\r\\n])%([=+\\-@\\uff1d\\uff0b\\uff0d\\uff20])';
const FORMULA = new RegExp(SIGN.replace('%', ''), 'g');
const DEFUSED = new RegExp(SIGN.replace('%', "'"), 'g');
const SPACE_FIRST = /^[\t\r\n]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** A cell of a CSV file: numbers as they are, text quoted where it has to be, and never a formula. */
export function csvCell(value: string | number | boolean | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  // OWASP: an apostrophe before it, which spreadsheets do not show.
  const signs = value.replace(FORMULA, "$1'$2");
  const safe = SPACE_FIRST.test(signs) ? `'${signs}` : signs;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The text of a cell without its quotes, as it was before `csvCell` took away its power. */
export function textOfCsvCell(cell: string): string {
  // Most cells have none, and two expressions for each take a while in a long file.
  if (!cell.includes("'")) return cell;
  const signs = /^'[\t\r\n]/.test(cell) ? cell.slice(1) : cell;
  return signs.replace(DEFUSED, '$1$2');
}

/** A line of a CSV file, without its end. */
export function csvLine(cells: readonly (string | number | boolean | undefined)[]): string {
  return cells.map(csvCell).join(',');
}
