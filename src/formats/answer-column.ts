type Row = readonly string[];

/** Yes and no, whose meaning the name of the column decides, and words that say it themselves. */
const YES = /^(?:1|1\.0|\+1|true|t|yes|y)$/i;
const NO = /^(?:0|0\.0|-1|false|f|no|n)$/i;
const OF_WHOM = '(?:[-_ ]?(?:person|people|identity|id|subject|individual|class|face|pair|personal)s?)?';
const SAME = new RegExp(`^(?:same|genuine|match(?:ed)?|positive|pos|mated|intra)${OF_WHOM}$`, 'i');
const DIFFERENT = new RegExp(
  `^(?:diff(?:erent)?|impost[eo]r|mismatch(?:ed)?|negative|neg|inter|extra|(?:not|non|un)[-_ ]?(?:same|match(?:ed)?|mated|genuine))${OF_WHOM}$`,
  'i',
);

/** A column that says whether pairs show one person; `asksDifferent`: its yes means two people. */
export interface AnswerColumn {
  readonly at: number;
  readonly asksDifferent: boolean;
}

/* Names of a column of answers, without marks between their words. */

const ABOUT = '(?:person|people|identity|identities|id|subject|individual|face|class|pair|trial|label|flag|list)*s?';
const SAME_COLUMN = new RegExp(
  `^(?:actual|true)?(?:are|is)?(?:the)?(?:same|identical|match(?:ed|es|ing)?|genuine|positive|mated?|intra)${ABOUT}$`,
);
const DIFFERENT_COLUMN = new RegExp(
  `^(?:are|is)?(?:the)?(?:different|differs?|diff|mismatch(?:ed|es)?|impost[eo]rs?|negative|inter|other(?=p|s|i)|two(?=p|s|i)|(?:not|non|un)(?:the)?(?:same|match(?:ed|es|ing)?|genuine|mated?))${ABOUT}$`,
);
/** Words for an answer that leave open of which kind; a yes is one person, as in all published lists. */
const ANSWER_COLUMN =
  /^(?:pair|gt|true|actual)?(?:label|answer|target|class|truth|groundtruth|gt|y|ytrue|verdict|result)s?$/;
/** Words for the kind of a pair, read where the answers are words. */
const KIND_COLUMN = /^(?:pair|trial|comparison)?(?:type|kind|category|relation|relationship)$/;

const NAMES_READ =
  '"same", "match", "genuine", "mated" or "label" (1 for one person), "different", "mismatch", "impostor" or "nonmated" (1 for two)';

/**
 * The column that says whether a pair shows one person: of those that hold nothing but answers the one with the clearest
 * name. Undefined where most lines hold none; a problem where no name is read, or columns could be meant alike.
 */
export function answerColumn(head: Row, body: readonly Row[]): AnswerColumn | { readonly problem: string } | undefined {
  const [first = []] = body;
  const places = first.flatMap((cell, at) => (isAnswer(cell) ? [at] : []));
  const share = (at: number) => body.filter((row) => isAnswer(row[at] ?? '')).length / body.length;
  // A column may count the lines, or the folds.
  const whole = places.filter((at) => share(at) === 1);
  const nameAt = (at: number) => plainWord(head[at]);
  const asksDifferent = (at: number) => DIFFERENT_COLUMN.test(nameAt(at));
  if (whole.length === 0) {
    const likely = places.filter((at) => 2 * share(at) >= 1).at(-1);
    return likely === undefined ? undefined : { at: likely, asksDifferent: asksDifferent(likely) };
  }
  const isWord = (cell = '') => SAME.test(cell) || DIFFERENT.test(cell);
  const values = (at: number) => new Set(body.map((row) => row[at] ?? ''));
  const unnamed = whole.every((at) => nameAt(at) === '') ? whole : [];
  const varied = unnamed.filter((at) => values(at).size > 1);
  const ranks = [
    whole.filter((at) => SAME_COLUMN.test(nameAt(at)) || asksDifferent(at)),
    whole.filter((at) => ANSWER_COLUMN.test(nameAt(at))),
    whole.filter((at) => KIND_COLUMN.test(nameAt(at)) && [...values(at)].every(isWord)),
    // Of a column of one value no accuracy can be had where another has two.
    varied.length > 0 ? varied : unnamed.slice(-1),
  ];
  const [at, other] = ranks.find((rank) => rank.length > 0) ?? [];
  if (at === undefined) {
    const names = whole.map((column) => `"${head[column] ?? ''}"`).join(', ');
    return {
      problem: `no column says whether a pair shows one person: ${names} ${whole.length === 1 ? 'is' : 'are'} not read; name that column ${NAMES_READ}`,
    };
  }
  if (other !== undefined) {
    const nameOf = (column: number) => (nameAt(column) === '' ? `${column + 1}` : `"${head[column] ?? ''}"`);
    return {
      problem: `the columns ${nameOf(at)} and ${nameOf(other)} could both say whether a pair shows one person; name that one "same" in the first line`,
    };
  }
  return { at, asksDifferent: asksDifferent(at) };
}

/**
 * The sentence for answers in words that are not read: of a column that is named as theirs, or is the only one beside
 * the images at `places`. Undefined where there is none.
 */
export function unknownAnswers(head: Row, body: readonly Row[], places: readonly number[]): string | undefined {
  const width = widthOf(body);
  const others = Array.from({ length: width }, (_, at) => at).filter((at) => !places.includes(at));
  const isNamed = (at: number) =>
    [SAME_COLUMN, DIFFERENT_COLUMN, ANSWER_COLUMN].some((name) => name.test(plainWord(head[at])));
  const at =
    others.find(isNamed) ?? (others.length === 1 && plainWord(head[others[0] ?? 0]) === '' ? others[0] : undefined);
  if (at === undefined) return undefined;
  const [one = '', other, more] = new Set(body.map((row) => row[at] ?? ''));
  if (other === undefined || more !== undefined) return undefined;
  return `its answers "${one}" and "${other}" are not read; 1 and 0, true and false, yes and no, same and different, match and mismatch, mated and non-mated, genuine and impostor are`;
}

/**
 * The head of a table whose lines have `width` cells; R gives the numbers of its lines no name. One of white space may be
 * a title, which names no column. A problem where such a line may yet turn the answers round.
 */
export function headOf(
  row: Row,
  width: number,
  isTable: boolean,
  isNumbered: boolean,
): Row | { readonly problem: string } {
  if (row.length === width - 1 && isNumbered) return ['', ...row];
  if (isTable || row.length === width) return row;
  return row.some((cell) => DIFFERENT_COLUMN.test(plainWord(cell)))
    ? {
        problem: `its first line has ${row.length} words, and the lines below have ${width}; give each column one word`,
      }
    : [];
}

/** How many cells the longest line has. */
export function widthOf(rows: readonly Row[]): number {
  return rows.reduce((most, { length }) => Math.max(most, length), 0);
}

function plainWord(cell = ''): string {
  const word = cell.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return /^\d*$/.test(word) ? '' : word;
}

/** Whether a cell is an answer. */
export function isAnswer(cell: string): boolean {
  return [YES, NO, SAME, DIFFERENT].some((answer) => answer.test(cell));
}

/** Whether an answer of the column says one person. */
export function isSame(answer: string, { asksDifferent }: AnswerColumn): boolean {
  return SAME.test(answer) || (asksDifferent ? NO : YES).test(answer);
}
