import { csvParseRows } from 'd3-dsv';
import { Budget, OBJECT_BYTES } from '../formats/budget.ts';
import { csvLine, textOfCsvCell } from '../formats/outside-text.ts';
import { StudyProblem } from './problem.ts';
import { CELL_STATES, MEASURES, type ResultRow } from './results.ts';

/** The columns of results.csv, whether Node, the page or PyTorch wrote it. */
export const RESULT_COLUMNS = [
  'study',
  'condition',
  'axes',
  'seed',
  'step',
  'measure',
  'benchmark',
  'value',
  'pairs',
  'seconds',
  'engine',
  'adapter',
  'state',
  'reason',
] as const satisfies readonly (keyof ResultRow)[];

/** results.csv, long form. */
export function resultsCsv(rows: readonly ResultRow[]): string {
  const lines = rows.map((row) =>
    csvLine(RESULT_COLUMNS.map((column) => (Number.isNaN(row[column]) ? undefined : row[column]))),
  );
  return [RESULT_COLUMNS.join(','), ...lines, ''].join('\n');
}

/**
 * Reads results.csv: its columns in any order, others beside them ignored.
 * @throws StudyProblem `bad-results` with the line and its fault, FormatProblem `too-large`
 */
export function readResultsCsv(text: string, budget = new Budget(text.length)): readonly ResultRow[] {
  const [head = [], ...lines] = csvRecords(text, budget);
  const missing = RESULT_COLUMNS.filter((column) => !head.includes(column));
  if (missing.length > 0) {
    throw new StudyProblem(
      'bad-results',
      `This file is no results.csv of a study: it lacks ${missing.length === 1 ? 'the column' : 'the columns'} ${missing.join(', ')}.`,
      'Choose the results.csv that a study wrote.',
    );
  }
  const at = new Map(head.map((column, place) => [column, place]));
  return lines.map((cells, index) => {
    const cell = (column: keyof ResultRow) => textOfCsvCell(cells[at.get(column) ?? -1] ?? '');
    return rowOf(cell, index + 2);
  });
}

function rowOf(cell: (column: keyof ResultRow) => string, line: number): ResultRow {
  const wrong = (column: keyof ResultRow, expected: string) =>
    new StudyProblem(
      'bad-results',
      `Line ${line} of results.csv has "${cell(column).slice(0, 40)}" as ${column}; ${expected} is expected.`,
      'Correct the line, or write the file again.',
    );
  const number = (column: keyof ResultRow, empty: number) => {
    const value = cell(column) === '' ? empty : Number(cell(column));
    if (Number.isNaN(value) && cell(column) !== '') throw wrong(column, 'a number');
    return value;
  };
  const state = CELL_STATES.find((one) => one === cell('state'));
  const measure = MEASURES.find((one) => one === cell('measure'));
  if (state === undefined) throw wrong('state', CELL_STATES.join(' or '));
  if (measure === undefined) throw wrong('measure', `one of ${MEASURES.join(', ')}`);
  const seed = number('seed', Number.NaN);
  if (!Number.isInteger(seed)) throw wrong('seed', 'a whole number');
  return {
    study: cell('study'),
    condition: cell('condition'),
    axes: cell('axes'),
    seed,
    step: number('step', 0),
    measure,
    benchmark: cell('benchmark'),
    value: number('value', Number.NaN),
    pairs: number('pairs', measure === 'accuracy' ? Number.NaN : 0),
    seconds: number('seconds', Number.NaN),
    engine: cell('engine'),
    adapter: cell('adapter'),
    state,
    reason: cell('reason'),
  };
}

/** The cells of each line, as RFC 4180 quotes them; empty lines are left out. */
function csvRecords(text: string, budget: Budget): readonly (readonly string[])[] {
  let lines = 1;
  let cells = 1;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter === LINE_FEED || letter === RETURN) lines++;
    // Each pair of quotes within a cell is replaced on its own.
    else if (letter === COMMA || letter === QUOTE) cells++;
  }
  budget.charge(2 * OBJECT_BYTES * lines + (OBJECT_BYTES / 4) * cells, 'its lines');
  return csvParseRows(text.replace(/^\ufeff/, '')).filter((cells) => cells.length > 1 || cells[0] !== '');
}

const LINE_FEED = 10;
const RETURN = 13;
const QUOTE = 34;
const COMMA = 44;
