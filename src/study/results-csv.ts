import { csvParseRows } from 'd3-dsv';
import { formatNumber } from '../config/quantity.ts';
import { Budget, OBJECT_BYTES } from '../formats/budget.ts';
import { csvLine, textOfCsvCell } from '../formats/csv-line.ts';
import { StudyProblem } from './problem.ts';
import { CELL_STATES, isShare, MEASURES, MOST_CELLS, type ResultRow, rowsByCell } from './results.ts';

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

/** Seeds whose results are judged together: those of several studies with the same plan. */
const MOST_SEEDS = 1000;

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
  const between = (
    [
      [';', 'semicolons'],
      ['\t', 'tabs'],
    ] as const
  ).find(([mark]) => head.length === 1 && RESULT_COLUMNS.every((column) => head[0]?.split(mark).includes(column)));
  if (between !== undefined) {
    // Its numbers may have decimal commas and thousands of their own.
    throw new StudyProblem(
      'bad-results',
      `This results.csv has ${between[1]} between its cells, as a spreadsheet saves it; commas are expected.`,
      'Choose the file as the study wrote it, or save it with commas and with decimal points.',
    );
  }
  const missing = RESULT_COLUMNS.filter((column) => !head.includes(column));
  if (missing.length > 0) {
    throw new StudyProblem(
      'bad-results',
      `This file is no results.csv of a study: it lacks ${missing.length === 1 ? 'the column' : 'the columns'} ${missing.join(', ')}.`,
      'Choose the results.csv that a study wrote.',
    );
  }
  const places = RESULT_COLUMNS.map((column) => head.lastIndexOf(column));
  const found = lines.map((cells, index) =>
    rowOf(
      places.map((place) => textOfCsvCell(cells[place] ?? '')),
      index + 2,
    ),
  );
  refuseTooMany(found);
  refuseTwoValues(found);
  return found;
}

/** Of two runs of one cell none can be chosen, and rows of both would be mixed. Lines that are there twice are the same. */
function refuseTwoValues(rows: readonly ResultRow[]): void {
  const lines = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const { study, condition, axes, seed, step, measure, benchmark, state, engine, value } = row;
    if (state !== 'done') continue;
    const key = JSON.stringify([study, condition, axes, seed, step, measure, benchmark, engine]);
    const before = lines.get(key) ?? index;
    lines.set(key, before);
    const other = rows[before]?.value ?? value;
    if (other === value || (Number.isNaN(other) && Number.isNaN(value))) continue;
    throw new StudyProblem(
      'bad-results',
      `Lines ${before + 2} and ${index + 2} of results.csv have two values of one ${measure.replaceAll('_', ' ')}: ${other} and ${value}, of ${condition.slice(0, 40)} with seed ${seed}.`,
      'They are of two runs: leave one of them out, or join their folders with npm run study -- --merge.',
    );
  }
}

/** A study trains fewer: the statistics of more seeds would take minutes. */
function refuseTooMany(rows: readonly ResultRow[]): void {
  const seeds = new Set(rows.map(({ seed }) => seed)).size;
  const cells = rowsByCell(rows).size;
  if (seeds <= MOST_SEEDS && cells <= MOST_CELLS) return;
  throw new StudyProblem(
    'bad-results',
    seeds > MOST_SEEDS
      ? `This results.csv has ${formatNumber(seeds)} seeds; at most ${formatNumber(MOST_SEEDS)} are judged together.`
      : `This results.csv has ${formatNumber(cells)} runs; at most ${formatNumber(MOST_CELLS)} are judged together.`,
    'Choose the results of one study, or a part of them.',
  );
}

function rowOf(cells: readonly string[], line: number): ResultRow {
  const [study = '', condition = '', axes = '', seed = '', step = '', measured = '', benchmark = '', value = ''] =
    cells;
  const [pairs = '', seconds = '', engine = '', adapter = '', ended = '', reason = ''] = cells.slice(8);
  const wrong = (column: keyof ResultRow, found: string, expected: string) =>
    new StudyProblem(
      'bad-results',
      `Line ${line} of results.csv has "${found.slice(0, 40)}" as ${column}; ${expected} is expected.`,
      'Correct the line, or write the file again.',
    );
  const number = (column: keyof ResultRow, text: string, empty: number) => {
    if (text === '') return empty;
    const read = Number(text);
    // A blank is the number 0 to JavaScript.
    if (text.trim() === '' || !Number.isFinite(read)) throw wrong(column, text, 'a number');
    return read;
  };
  const state = CELL_STATES.find((one) => one === ended);
  const measure = MEASURES.find((one) => one === measured);
  if (state === undefined) throw wrong('state', ended, CELL_STATES.join(' or '));
  if (measure === undefined) throw wrong('measure', measured, `one of ${MEASURES.join(', ')}`);
  const row = {
    study,
    condition,
    axes,
    seed: number('seed', seed, Number.NaN),
    step: number('step', step, 0),
    measure,
    benchmark,
    value: number('value', value, Number.NaN),
    pairs: number('pairs', pairs, measure === 'accuracy' ? Number.NaN : 0),
    seconds: number('seconds', seconds, Number.NaN),
    engine,
    adapter,
    state,
    reason,
  };
  for (const [column, found] of [
    ['seed', seed],
    ['step', step],
  ] as const) {
    if (!Number.isSafeInteger(row[column]) || row[column] < 0) throw wrong(column, found, 'a whole number from 0');
  }
  if (row.pairs < 0) throw wrong('pairs', pairs, 'a whole number from 0');
  if (isShare(measure) && (row.value < 0 || row.value > 1)) throw wrong('value', value, 'a share from 0 to 1');
  return row;
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
