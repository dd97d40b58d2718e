import { CELL_STATES, MEASURES, type ResultRow } from './results.ts';

/**
 * Rows of results as three lists, which move from thread to thread. Copied row by row, hundreds of thousands of them keep
 * both threads for seconds.
 */
export interface PackedRows {
  /** The different texts of all rows. */
  readonly texts: readonly string[];
  /** [rows, 9] places in `texts`, `MEASURES` and `CELL_STATES`. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** [rows, 5] */
  readonly numbers: Float64Array<ArrayBuffer>;
}

const WORDS = 9;
const NUMBERS = 5;

/** Packs rows; `unpackRows` gives them back equal. */
export function packRows(rows: readonly ResultRow[]): PackedRows {
  const places = new Map<string, number>();
  const placeOf = (text: string) => {
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  const words = new Uint32Array(WORDS * rows.length);
  const numbers = new Float64Array(NUMBERS * rows.length);
  for (const [at, row] of rows.entries()) {
    const { study, condition, axes, benchmark, engine, adapter, reason } = row;
    const texts = [study, condition, axes, benchmark, engine, adapter, reason].map(placeOf);
    words.set([...texts, MEASURES.indexOf(row.measure), CELL_STATES.indexOf(row.state)], WORDS * at);
    numbers.set([row.seed, row.step, row.value, row.pairs, row.seconds], NUMBERS * at);
  }
  return { texts: [...places.keys()], words, numbers };
}

/** @throws Error for a measure or state that `packRows` did not write */
export function unpackRows({ texts, words, numbers }: PackedRows): readonly ResultRow[] {
  const word = (at: number) => texts[words[at] ?? -1] ?? '';
  const number = (at: number) => numbers[at] ?? Number.NaN;
  return Array.from({ length: words.length / WORDS }, (_, row): ResultRow => {
    const [text, value] = [WORDS * row, NUMBERS * row];
    const measure = MEASURES[words[text + 7] ?? -1];
    const state = CELL_STATES[words[text + 8] ?? -1];
    if (measure === undefined || state === undefined) throw new Error(`Row ${row} was packed wrongly.`);
    return {
      study: word(text),
      condition: word(text + 1),
      axes: word(text + 2),
      seed: number(value),
      step: number(value + 1),
      measure,
      benchmark: word(text + 3),
      value: number(value + 2),
      pairs: number(value + 3),
      seconds: number(value + 4),
      engine: word(text + 4),
      adapter: word(text + 5),
      state,
      reason: word(text + 6),
    };
  });
}
