type Row = readonly string[];

/** Yes and no, whose meaning the name of the column decides, and words that say it themselves. */
const YES = /^(?:1|1\.0|\+1|true|t|yes|y)$/i;
const NO = /^(?:0|0\.0|-1|false|f|no|n)$/i;
const SAME = /^(?:same|genuine|match(?:ed)?|positive|pos)$/i;
const DIFFERENT = /^(?:diff(?:erent)?|imposter|impostor|mismatch(?:ed)?|negative|neg)$/i;

/** A column that says whether pairs show one person; `asksDifferent`: its yes means two people. */
export interface AnswerColumn {
  readonly at: number;
  readonly asksDifferent: boolean;
}

/** Names of a column of answers without marks between their words, the clearest first. */
const ANSWER_COLUMNS = [
  /^(?:are|is)?(?:the)?same(?:person|people|identity|id|subject|individual|face|pair|label)?s?$|^(?:is)?(?:match(?:ed|es|ing)?|genuine|positive)(?:pair)?$|^(?:actual)?issame(?:list)?$/,
  /^(?:pair)?(?:label|answer|target|class|truth|groundtruth|gt|y|verdict|result)s?$/,
];
const DIFFERENT_COLUMN =
  /^(?:are|is)?(?:not|non|un)?(?:the)?(?:different|differ|diff|mismatch(?:ed|es)?|imposter|impostor|negative)(?:person|people|identity|id|subject|individual|pair)?s?$|^(?:is)?(?:not|non)(?:the)?(?:same|match(?:ed|es|ing)?)(?:person|people|identity|pair)?s?$/;
/** Columns of something else that may hold nothing but 0 and 1. */
const NO_ANSWER_COLUMN =
  /same|dist|score|sim|prob|gender|sex|age|race|ethnic|pose|split|fold|set$|^(?:no|nr|id|index|row)$/;

/**
 * The column that says whether a pair shows one person: of those that hold nothing but answers the one with the clearest
 * name, without a head the last. Undefined where most lines hold none; a problem where columns could be meant alike.
 */
export function answerColumn(head: Row, body: readonly Row[]): AnswerColumn | { readonly problem: string } | undefined {
  const [first = []] = body;
  const places = first.flatMap((cell, at) => (isAnswer(cell) ? [at] : []));
  const share = (at: number) => body.filter((row) => isAnswer(row[at] ?? '')).length / body.length;
  // A column may count the lines, or the folds.
  const whole = places.filter((at) => share(at) === 1);
  const nameAt = (at: number) => (head[at] ?? '').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  if (head.length === 0 || whole.length === 0) {
    const likely = whole.at(-1) ?? places.filter((at) => 2 * share(at) >= 1).at(-1);
    if (likely === undefined) return undefined;
    return { at: likely, asksDifferent: DIFFERENT_COLUMN.test(nameAt(likely)) };
  }
  const clear = (at: number) => ANSWER_COLUMNS[0]?.test(nameAt(at)) || DIFFERENT_COLUMN.test(nameAt(at));
  const ranks = [
    whole.filter(clear),
    whole.filter((at) => ANSWER_COLUMNS[1]?.test(nameAt(at))),
    whole.filter((at) => !NO_ANSWER_COLUMN.test(nameAt(at))),
  ];
  const [at, other] = ranks.find((rank) => rank.length > 0) ?? [];
  if (at === undefined) return { problem: 'no column says whether a pair shows one person; name one of them "same"' };
  if (other !== undefined) {
    const names = `"${head[at] ?? ''}" and "${head[other] ?? ''}"`;
    return { problem: `the columns ${names} could both say whether a pair shows one person; name that one "same"` };
  }
  return { at, asksDifferent: DIFFERENT_COLUMN.test(nameAt(at)) };
}

/** Whether a cell is an answer. */
export function isAnswer(cell: string): boolean {
  return [YES, NO, SAME, DIFFERENT].some((answer) => answer.test(cell));
}

/** Whether an answer of the column says one person. */
export function isSame(answer: string, { asksDifferent }: AnswerColumn): boolean {
  return SAME.test(answer) || (asksDifferent ? NO : YES).test(answer);
}
