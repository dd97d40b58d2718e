/*
 * Text from outside (names of files, people and networks, words of a browser or a reader) on its way to a place that
 * reads some characters as its own: a spreadsheet, a terminal, a notice.
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

/** Control characters but line ends and tabs, marks that turn the direction of the text behind them, other line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are taken out.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text for a terminal: characters that would move its cursor, colour it or rename its window are written out as \x1b.
 */
export function terminalText(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(CONTROLS, (found) => {
    const code = found.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Text for one line of a terminal: a name with a line end in it can write no line of its own. */
export function terminalLine(text: string): string {
  return terminalText(text).replaceAll('\n', '\\x0a');
}

/** Text for a notice, in one piece and at most so many characters long: where it is cut it ends in "…". */
export function noticeText(text: string, most = 400): string {
  // Not the whole of a text of millions of characters is looked through for a few hundred.
  const begin = terminalText(text.slice(0, 2 * most))
    .replace(/\s+/g, ' ')
    .trim();
  return begin.length > most || text.length > 2 * most ? `${begin.slice(0, most - 1).trimEnd()}…` : begin;
}
