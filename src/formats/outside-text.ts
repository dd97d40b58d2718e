/*
 * Text from outside (names of files, people and networks, words of a browser or a reader) on its way to a place that
 * reads some characters as its own: a terminal, a notice. Cells of a spreadsheet are in csv-line.ts.
 */

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
