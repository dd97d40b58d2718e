import { dsvFormat } from 'd3-dsv';
import { answerColumn, headOf, isAnswer, isSame, unknownAnswers, widthOf } from './answer-column.ts';
import { Budget, OBJECT_BYTES } from './budget.ts';
import { IMAGE_ENDINGS } from './image-endings.ts';
import { labelTable, type PersonLabel } from './label-table.ts';
import { namedPairs } from './named-pairs.ts';

/** One side of a pair: a path, or a person and the number of the photo as LFW's lists have it. */
export type ListedImage = string | { readonly person: string; readonly number: number };

export interface ListedPair {
  readonly left: ListedImage;
  readonly right: ListedImage;
  readonly same: boolean;
  /** The number of the fold that the list gives it. */
  readonly fold?: number;
}

/** The information on face images in a text beside them. */
export type FaceList =
  /** Whom each image shows: .csv of labels, identity_CelebA.txt, .lst. */
  | { readonly kind: 'labels'; readonly entries: readonly PersonLabel[] }
  | { readonly kind: 'pairs'; readonly pairs: readonly ListedPair[] }
  /** CFP's Pair_list_F.txt and Pair_list_P.txt: images by number, from 1. */
  | { readonly kind: 'numbered-images'; readonly images: ReadonlyMap<number, string> }
  /** CFP's Split/FP/01/same.txt and its like: numbers of two images. */
  | { readonly kind: 'numbered-pairs'; readonly pairs: readonly (readonly [number, number])[] }
  /** A list of pairs whose header does not fit its lines; `problem` says how. */
  | { readonly kind: 'contradiction'; readonly problem: string };

type Row = readonly string[];

const IMAGE = new RegExp(`\\.(?:${IMAGE_ENDINGS.join('|')})$`, 'i');
const WHOLE = /^\d+$/;
/** "3", "fold_3" */
const FOLD_CELL = /^(?:fold|split|subset)?[-_ ]?(\d+)$/i;
const FOLD_COLUMN = /^(?:fold|split|subset)[-_ ]?(?:id|no|nr|num(?:ber)?|index)?s?$/i;
/** No list of people or pairs has more columns. */
const MOST_FIELDS = 64;
/** A line as it is cut, trimmed and kept, and a cell of it. */
const LINE_COST = 2 * OBJECT_BYTES;
const CELL_COST = OBJECT_BYTES / 4;
const LINE_FEED = 10;
/** Tab, space, comma, semicolon and bar; and the quote, of which each pair within a cell is replaced on its own. */
const PARTS = new Set([9, 32, 34, 44, 59, 124]);

/**
 * Reads a text that may say who is on face images, or which images are pairs; by its content, and by its name where two
 * kinds look alike. `stems` are the images' names in lower case, without endings, for tables that leave these out.
 * Undefined where it is neither. @throws FormatProblem `too-large`
 */
export function readFaceList(
  name: string,
  text: string,
  budget = new Budget(text.length),
  stems: ReadonlySet<string> = new Set(),
): FaceList | undefined {
  chargeLines(text, budget);
  const clean = withoutComments(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'));
  let contradiction: FaceList | undefined;
  for (const mark of marksOf(clean)) {
    const rows = rowsOf(clean, mark);
    if (rows.length === 0) return undefined;
    const list =
      lfwPairs(rows) ??
      numbered(rows) ??
      pathPairs(rows, mark === undefined, isNamedImage) ??
      lineByLine(name, rows) ??
      blocksOf(namedPairs(name, rows)) ??
      labels(name, rows, isNamedImage);
    if (list?.kind !== 'contradiction' && list !== undefined) return list;
    contradiction ??= list;
  }
  const isStem = (cell: string) => stems.has(cell.slice(cell.lastIndexOf('/') + 1).toLowerCase());
  // Some tables leave the endings out; then the names of the images show which column they are in.
  for (const mark of stems.size > 0 && contradiction === undefined ? marksOf(clean) : []) {
    const rows = rowsOf(clean, mark);
    // Numbers may as well be labels or measures.
    const isPhoto = (cell: string) => !WHOLE.test(cell) && isStem(cell);
    const list = pathPairs(rows, mark === undefined, isPhoto) ?? labels(name, rows, isStem);
    if (list !== undefined) return list;
  }
  return contradiction;
}

/** An address on the web, which lists of celebrities have beside each image, is none. */
function isNamedImage(cell: string): boolean {
  return IMAGE.test(cell) && !cell.includes('://');
}

/** Without the lines that begin with #, of which the last may name the columns. */
function withoutComments(text: string): string {
  const [comments = ''] = /^(?:#.*\n)*/.exec(text) ?? [];
  const last = comments.split('\n').at(-2) ?? '';
  const names = new RegExp(`\\.(?:${IMAGE_ENDINGS.join('|')})\\b`, 'i').test(comments);
  return names || comments === '' ? text : `${last.replace(/^#+[ \t]*/, '')}\n${text.slice(comments.length)}`;
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

/**
 * Marks between the cells of a line, to be tried in turn: those of the first two lines, since a name may hold one, and white
 * space.
 */
function marksOf(text: string): readonly (string | undefined)[] {
  const start = text.split('\n', 2).join('\n');
  return [...['\t', ',', ';', '|'].filter((mark) => start.includes(mark)), undefined];
}

/** Cells of each line, without empty ones at its end; undefined is white space. */
function rowsOf(text: string, mark: string | undefined): readonly Row[] {
  const rows =
    mark === undefined
      ? text.split('\n').map((line) => line.trim().split(/\s+/, MOST_FIELDS))
      : dsvFormat(mark).parseRows(text);
  return rows
    .map((row) => row.map((cell) => cell.trim()))
    .map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1))
    .filter((row) => row.length > 0);
}

/**
 * LFW's pairs.txt, pairsDevTest.txt and the same as .csv: person, number, number, or person, number, person, number.
 */
function lfwPairs(rows: readonly Row[]): FaceList | undefined {
  const isPair = (row: Row) => lfwPair(row) !== undefined;
  const [head = [], second = []] = rows;
  // "10 300" before lines with tabs is one cell.
  const stated = head.join(' ').split(' ');
  const counts = stated.length <= 2 && stated.every((cell) => WHOLE.test(cell)) ? stated.map(Number) : undefined;
  // A table's first line names its columns.
  const body = isPair(head) && counts === undefined ? rows : rows.slice(1);
  if (!isPair(counts === undefined && body === rows ? head : second)) return undefined;
  const pairs = body.map(lfwPair);
  const found = pairs.filter((pair) => pair !== undefined);
  if (found.length < pairs.length) {
    const line = pairs.indexOf(undefined) + 1 + rows.length - body.length;
    return { kind: 'contradiction', problem: `line ${line} is not a person with two numbers or two persons with one` };
  }
  if (counts === undefined) return { kind: 'pairs', pairs: inBlocks(found) };
  const [folds, each] = counts.length === 2 ? [counts[0] ?? 0, counts[1] ?? 0] : [1, counts[0] ?? 0];
  if (folds < 1 || found.length !== 2 * folds * each) {
    const said = counts.length === 2 ? `${folds} folds of ${each} + ${each} pairs` : `${each} + ${each} pairs`;
    return { kind: 'contradiction', problem: `its first line says ${said}, and ${found.length} follow` };
  }
  if (counts.length < 2) return { kind: 'pairs', pairs: found };
  return { kind: 'pairs', pairs: found.map((pair, at) => ({ ...pair, fold: 1 + Math.floor(at / (2 * each)) })) };
}

/** LFW's ten folds are as many same pairs as different ones, ten times; without a first line that shows them alone. */
const FOLDS = 10;

function inBlocks(pairs: readonly ListedPair[]): readonly ListedPair[] {
  const block = pairs.length / (2 * FOLDS);
  const fits = Number.isInteger(block) && pairs.every(({ same }, at) => same === (Math.floor(at / block) % 2 === 0));
  return fits ? pairs.map((pair, at) => ({ ...pair, fold: 1 + Math.floor(at / (2 * block)) })) : pairs;
}

function blocksOf(list: FaceList | undefined): FaceList | undefined {
  return list?.kind === 'pairs' ? { ...list, pairs: inBlocks(list.pairs) } : list;
}

function lfwPair(row: Row): ListedPair | undefined {
  const [person = '', one = '', other = '', last = ''] = row;
  if (WHOLE.test(person) || IMAGE.test(person) || !WHOLE.test(one)) return undefined;
  const left = { person, number: Number(one) };
  if (row.length === 3 && WHOLE.test(other)) return { left, right: { person, number: Number(other) }, same: true };
  if (row.length !== 4 || WHOLE.test(other) || IMAGE.test(other) || !WHOLE.test(last)) return undefined;
  return { left, right: { person: other, number: Number(last) }, same: person === other };
}

/** CFP's lists: a number and a path, or two numbers. A number that comes again is a label. */
function numbered(rows: readonly Row[]): FaceList | undefined {
  if (rows.every((row) => row.length === 2 && WHOLE.test(row[0] ?? '') && IMAGE.test(row[1] ?? ''))) {
    const images = new Map(rows.map(([at, path = '']) => [Number(at), path]));
    return images.size === rows.length ? { kind: 'numbered-images', images } : undefined;
  }
  if (!rows.every((row) => row.length === 2 && row.every((cell) => WHOLE.test(cell)))) return undefined;
  return { kind: 'numbered-pairs', pairs: rows.map(([left, right]) => [Number(left), Number(right)]) };
}

/**
 * Two images and whether they show one person, in any order of the columns; also below a table's head, which may name
 * folds.
 */
function pathPairs(rows: readonly Row[], spaced: boolean, isImage: (cell: string) => boolean): FaceList | undefined {
  const headed = !(rows[0] ?? []).some(isImage);
  const body = headed ? rows.slice(1) : rows;
  const [left, right] = imagePlaces(body[0], isImage) ?? [];
  if (left === undefined || right === undefined) return undefined;
  const head = headed ? headOf(rows[0] ?? [], widthOf(body), !spaced, left > 0) : [];
  if ('problem' in head) return { kind: 'contradiction', problem: head.problem };
  if (!body[0]?.some(isAnswer)) return unread(head, body, [left, right]);
  const torn = spaced ? body.findIndex((row) => isTorn(row, right, isImage)) : -1;
  if (torn >= 0) {
    const line = torn + 1 + rows.length - body.length;
    return {
      kind: 'contradiction',
      problem: `line ${line} has a name with a space: names need tabs or commas between them`,
    };
  }
  const answer = answerColumn(head, body);
  if (answer === undefined) return unread(head, body, [left, right]);
  if ('problem' in answer) return { kind: 'contradiction', problem: answer.problem };
  const folds = head.findIndex((cell) => FOLD_COLUMN.test(cell));
  const foldOf = (row: Row) => FOLD_CELL.exec(row[folds] ?? '')?.[1];
  const hasFolds = folds >= 0 && body.every((row) => foldOf(row) !== undefined);
  const pairs = body.map((row): ListedPair | undefined => {
    const stated = row[answer.at] ?? '';
    if (!isImage(row[left] ?? '') || !isImage(row[right] ?? '') || !isAnswer(stated)) return undefined;
    const fold = hasFolds ? { fold: Number(foldOf(row)) } : {};
    return { left: row[left] ?? '', right: row[right] ?? '', same: isSame(stated, answer), ...fold };
  });
  const found = pairs.filter((pair) => pair !== undefined);
  if (found.length === pairs.length) return { kind: 'pairs', pairs: found };
  const line = pairs.indexOf(undefined) + 1 + rows.length - body.length;
  return { kind: 'contradiction', problem: `line ${line} is not two images and whether they show one person` };
}

function unread(head: Row, body: readonly Row[], images: readonly number[]): FaceList | undefined {
  const problem = unknownAnswers(head, body, images);
  return problem === undefined ? undefined : { kind: 'contradiction', problem };
}

/** Whether a line that was cut at spaces has a part of a name ahead of its last image. */
function isTorn(row: Row, last: number, isImage: (cell: string) => boolean): boolean {
  return row.slice(0, last).some((cell) => !isImage(cell) && !isAnswer(cell) && !WHOLE.test(cell));
}

/** Which cells of a line are two images; undefined where they are not just two. */
function imagePlaces(row: Row = [], isImage: (cell: string) => boolean): readonly [number, number] | undefined {
  const [left, right, ...more] = row.flatMap((cell, at) => (isImage(cell) ? [at] : []));
  return left !== undefined && right !== undefined && more.length === 0 ? [left, right] : undefined;
}

/**
 * CALFW's and CPLFW's lists: an image and a number a line; lines 2k and 2k + 1 are a pair. The number of different
 * pairs is 0, that of same pairs their fold, from 1 to 10, or always 1.
 */
function lineByLine(name: string, given: readonly Row[]): FaceList | undefined {
  const [first = []] = given;
  // The number may come first.
  const rows = IMAGE.test(first[0] ?? '')
    ? given
    : given.map(([number = '', image = '', ...more]) => [image, number, ...more]);
  const fits = rows.every((row) => row.length === 2 && IMAGE.test(row[0] ?? '') && /^-?\d+$/.test(row[1] ?? ''));
  if (!fits) return undefined;
  const personOf = new Map<string, string>();
  let two = false;
  for (const [image = '', label = ''] of rows) {
    two ||= (personOf.get(image) ?? label) !== label;
    personOf.set(image, label);
  }
  // Of a list of labels hardly an image has two, and its name does not speak of pairs.
  if (!(two && areHalves(rows)) && !/pair/i.test(name.slice(name.lastIndexOf('/') + 1))) return undefined;
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
    const fold = Number(label);
    pairs.push(fold > 0 ? { left, right, same: true, fold } : { left, right, same: false });
  }
  const folded = pairs.some(({ fold = 1 }) => fold !== 1);
  return { kind: 'pairs', pairs: folded ? pairs : pairs.map(({ fold, ...pair }) => pair) };
}

/** Whether lines 2k and 2k + 1 say the same, and some half of them 0 and the others a fold. */
function areHalves(rows: readonly Row[]): boolean {
  const numbers = rows.map(([, number]) => Number(number));
  const zeros = numbers.filter((number) => number === 0).length;
  return (
    numbers.every((number, at) => number >= 0 && number <= FOLDS && number === numbers[at ^ 1]) &&
    Math.abs(2 * zeros - numbers.length) <= 0.2 * numbers.length
  );
}

function labels(name: string, rows: readonly Row[], isImage: (cell: string) => boolean): FaceList | undefined {
  const entries = labelTable(name, rows, isImage);
  return entries && { kind: 'labels', entries };
}
