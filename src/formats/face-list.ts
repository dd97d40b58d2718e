import { dsvFormat } from 'd3-dsv';
import { Budget, OBJECT_BYTES } from './budget.ts';

/** One side of a pair: a path, or a person and the number of the photo as LFW's lists have it. */
export type ListedImage = string | { readonly person: string; readonly number: number };

export interface ListedPair {
  readonly left: ListedImage;
  readonly right: ListedImage;
  readonly same: boolean;
}

/** The information on face images in a text beside them. */
export type FaceList =
  /** Whom each image shows: .csv of labels, identity_CelebA.txt, .lst. */
  | { readonly kind: 'labels'; readonly entries: readonly { readonly image: string; readonly person: string }[] }
  /** `folds`: how many equal runs of pairs the file says it has; undefined where it says nothing of folds. */
  | { readonly kind: 'pairs'; readonly pairs: readonly ListedPair[]; readonly folds: number | undefined }
  /** CFP's Pair_list_F.txt and Pair_list_P.txt: images by number, from 1. */
  | { readonly kind: 'numbered-images'; readonly images: ReadonlyMap<number, string> }
  /** CFP's Split/FP/01/same.txt and its like: numbers of two images. */
  | { readonly kind: 'numbered-pairs'; readonly pairs: readonly (readonly [number, number])[] }
  /** A list of pairs whose header does not fit its lines; `problem` says how. */
  | { readonly kind: 'contradiction'; readonly problem: string };

type Row = readonly string[];

const IMAGE = /\.(?:jpe?g|jpe|jfif|png|webp|p[bgpn]m|bmp|tiff?|gif)$/i;
const WHOLE = /^\d+$/;
const SAME = /^(?:1|1\.0|\+1|true|yes|same|genuine|match(?:ed)?|positive|pos)$/i;
const DIFFERENT = /^(?:0|0\.0|-1|false|no|diff(?:erent)?|imposter|impostor|mismatch(?:ed)?|negative|neg)$/i;
/** No list of people or pairs has more columns. */
const MOST_FIELDS = 64;
/** A line as it is cut, trimmed and kept, and a cell of it. */
const LINE_COST = 2 * OBJECT_BYTES;
const CELL_COST = OBJECT_BYTES / 4;
const LINE_FEED = 10;
/** Tab, space, comma and semicolon. */
const PARTS = new Set([9, 32, 44, 59]);

/**
 * Reads a text that may say who is on face images, or which images are pairs; by its content, and by its name where two
 * kinds look alike. Undefined where it is neither. @throws FormatProblem `too-large`
 */
export function readFaceList(name: string, text: string, budget = new Budget(text.length)): FaceList | undefined {
  chargeLines(text, budget);
  const rows = rowsOf(text);
  const [first] = rows;
  if (first === undefined) return undefined;
  return lfwPairs(rows) ?? numbered(rows) ?? pathPairs(rows) ?? lineByLine(name, rows) ?? labels(rows);
}

function chargeLines(text: string, budget: Budget): void {
  let lines = 1;
  let cells = 1;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter === LINE_FEED) lines++;
    else if (PARTS.has(letter)) cells++;
  }
  budget.charge(LINE_COST * lines + CELL_COST * cells, 'its lines');
}

/** Cells of each line, without empty ones at its end, parted by the mark that the first lines have. */
function rowsOf(text: string): readonly Row[] {
  const clean = text.replace(/^\uFEFF/, '');
  const [start = ''] = clean.split(/\r?\n/, 1);
  const mark = ['\t', ',', ';'].find((candidate) => start.includes(candidate)) ?? markBelow(clean);
  const rows =
    mark === undefined
      ? clean.split('\n').map((line) => line.trim().split(/\s+/, MOST_FIELDS))
      : dsvFormat(mark).parseRows(clean);
  return rows
    .map((row) => row.map((cell) => cell.trim()))
    .map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1))
    .filter((row) => row.length > 0);
}

/** The first line of LFW's lists may be one number alone. */
function markBelow(text: string): string | undefined {
  const [, second = ''] = text.split(/\r?\n/, 2);
  return ['\t', ','].find((candidate) => second.includes(candidate));
}

/**
 * LFW's pairs.txt, pairsDevTest.txt and the same as .csv: person, number, number, or person, number, person, number.
 */
function lfwPairs(rows: readonly Row[]): FaceList | undefined {
  const isPair = (row: Row) => lfwPair(row) !== undefined;
  const [head = [], second = []] = rows;
  const counts = head.length <= 2 && head.every((cell) => WHOLE.test(cell)) ? head.map(Number) : undefined;
  // A table's first line names its columns.
  const body = isPair(head) && counts === undefined ? rows : rows.slice(1);
  if (!isPair(counts === undefined && body === rows ? head : second)) return undefined;
  const pairs = body.map(lfwPair);
  const found = pairs.filter((pair) => pair !== undefined);
  if (found.length < pairs.length) {
    const line = pairs.indexOf(undefined) + 1 + rows.length - body.length;
    return { kind: 'contradiction', problem: `line ${line} is not a person with two numbers or two persons with one` };
  }
  if (counts === undefined) return { kind: 'pairs', pairs: found, folds: undefined };
  const [folds, each] = counts.length === 2 ? [counts[0] ?? 0, counts[1] ?? 0] : [1, counts[0] ?? 0];
  if (folds < 1 || found.length !== 2 * folds * each) {
    const said = counts.length === 2 ? `${folds} folds of ${each} + ${each} pairs` : `${each} + ${each} pairs`;
    return { kind: 'contradiction', problem: `its first line says ${said}, and ${found.length} follow` };
  }
  return { kind: 'pairs', pairs: found, folds: counts.length === 2 ? folds : undefined };
}

function lfwPair(row: Row): ListedPair | undefined {
  const [person = '', one = '', other = '', last = ''] = row;
  if (WHOLE.test(person) || IMAGE.test(person) || !WHOLE.test(one)) return undefined;
  const left = { person, number: Number(one) };
  if (row.length === 3 && WHOLE.test(other)) return { left, right: { person, number: Number(other) }, same: true };
  if (row.length !== 4 || WHOLE.test(other) || IMAGE.test(other) || !WHOLE.test(last)) return undefined;
  return { left, right: { person: other, number: Number(last) }, same: person === other };
}

/** CFP's lists: a number and a path, or two numbers. */
function numbered(rows: readonly Row[]): FaceList | undefined {
  if (rows.every((row) => row.length === 2 && WHOLE.test(row[0] ?? '') && IMAGE.test(row[1] ?? ''))) {
    return { kind: 'numbered-images', images: new Map(rows.map(([at, path = '']) => [Number(at), path])) };
  }
  if (!rows.every((row) => row.length === 2 && row.every((cell) => WHOLE.test(cell)))) return undefined;
  return { kind: 'numbered-pairs', pairs: rows.map(([left, right]) => [Number(left), Number(right)]) };
}

/** Two paths and whether they show one person, in any order of the columns; also below a table's head. */
function pathPairs(rows: readonly Row[]): FaceList | undefined {
  const places = rowPlaces(rows[0]) ?? rowPlaces(rows[1]);
  if (places === undefined) return undefined;
  const [left, right, answer] = places;
  const body = rowPlaces(rows[0]) === undefined ? rows.slice(1) : rows;
  const pairs = body.map((row): ListedPair | undefined => {
    const stated = row[answer] ?? '';
    if (!IMAGE.test(row[left] ?? '') || !IMAGE.test(row[right] ?? '')) return undefined;
    if (!SAME.test(stated) && !DIFFERENT.test(stated)) return undefined;
    return { left: row[left] ?? '', right: row[right] ?? '', same: SAME.test(stated) };
  });
  const found = pairs.filter((pair) => pair !== undefined);
  if (found.length === pairs.length) return { kind: 'pairs', pairs: found, folds: undefined };
  const line = pairs.indexOf(undefined) + 1 + rows.length - body.length;
  return { kind: 'contradiction', problem: `line ${line} is not two images and whether they show one person` };
}

/** Which cells of a line are two images and the answer; undefined where they are not just two. */
function rowPlaces(row: Row = []): readonly [left: number, right: number, answer: number] | undefined {
  const images = row.flatMap((cell, at) => (IMAGE.test(cell) ? [at] : []));
  const answers = row.flatMap((cell, at) => (SAME.test(cell) || DIFFERENT.test(cell) ? [at] : []));
  const [left, right] = images;
  // A first column may count the lines.
  const answer = answers.at(-1);
  return images.length === 2 && left !== undefined && right !== undefined && answer !== undefined
    ? [left, right, answer]
    : undefined;
}

/** CALFW's and CPLFW's lists: an image and 0, or the fold, a line; lines 2k and 2k + 1 are a pair. */
function lineByLine(name: string, rows: readonly Row[]): FaceList | undefined {
  const fits = rows.every((row) => row.length === 2 && IMAGE.test(row[0] ?? '') && /^-?\d+$/.test(row[1] ?? ''));
  if (!fits) return undefined;
  const personOf = new Map<string, string>();
  let two = false;
  for (const [image = '', label = ''] of rows) {
    two ||= (personOf.get(image) ?? label) !== label;
    personOf.set(image, label);
  }
  // Of a list of labels no image has two, and its name does not speak of pairs.
  if (!two && !/pair/i.test(name.slice(name.lastIndexOf('/') + 1))) return undefined;
  const pairs: ListedPair[] = [];
  for (let at = 0; at < rows.length; at += 2) {
    const [left = '', label] = rows[at] ?? [];
    const [right = '', again] = rows[at + 1] ?? [];
    if (right === '' || label !== again) {
      return {
        kind: 'contradiction',
        problem: `lines ${at + 1} and ${at + 2} are a pair and do not say the same of it`,
      };
    }
    pairs.push({ left, right, same: Number(label) > 0 });
  }
  return { kind: 'pairs', pairs, folds: undefined };
}

const LABEL_COLUMN =
  /^(?:label|identity|identity_id|id_?label|person|person_?id|subject|subject_?id|class|class_?id|name|target|celeb(?:rity)?|who|y)$/i;

/** An image and a name or number of a person in each line; a table with a head may have other columns, too. */
function labels(rows: readonly Row[]): FaceList | undefined {
  const [head = [], second = []] = rows;
  const headed = !head.some((cell) => IMAGE.test(cell));
  const body = headed ? rows.slice(1) : rows;
  const sample = headed ? second : head;
  const image = sample.findIndex((cell) => IMAGE.test(cell));
  if (image < 0) return undefined;
  const named = headed ? head.findIndex((cell, at) => at !== image && LABEL_COLUMN.test(cell)) : -1;
  const person = named >= 0 ? named : labelPlace(body, image);
  if (person === undefined) return undefined;
  const entries = body.map((row) => ({ image: row[image] ?? '', person: row[person] ?? '' }));
  const whole = entries.filter(({ image: path, person: label }) => IMAGE.test(path) && label !== '');
  // A stray line is no harm; a table that is something else is.
  return whole.length < 0.9 * entries.length ? undefined : { kind: 'labels', entries: whole };
}

/**
 * The column of the person where none is named so: the only other one, or in MXNet's lists (number, label, path;
 * InsightFace: 1, path, label) the one whose values come again but are not all alike.
 */
function labelPlace(body: readonly Row[], image: number): number | undefined {
  const width = body[0]?.length ?? 0;
  if (width > MOST_FIELDS) return undefined;
  const others = Array.from({ length: width }, (_, at) => at).filter((at) => at !== image);
  if (others.length === 1) return others[0];
  const shared = others.filter((at) => {
    const values = new Set(body.map((row) => row[at] ?? ''));
    return values.size > 1 && values.size < body.length;
  });
  return shared.length === 1 ? shared[0] : undefined;
}
