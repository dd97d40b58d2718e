type Row = readonly string[];

/** Whom an image shows. */
export interface PersonLabel {
  readonly image: string;
  readonly person: string;
}

/** No table of people has more columns, where none is named as theirs. */
const MOST_COLUMNS = 64;

/** Names of the column of the person, without marks between their words; the clearest come first. */
const PERSON_COLUMNS = [
  /^(?:identity|person|subject|celeb(?:rity)?|individual|people|actor|who)(?:id|name|label|number|no|nr)?s?$/,
  /^(?:id)?label(?:id|name)?s?$/,
  /^(?:class|target|y)(?:id|name|label)?$/,
  /^(?:full)?names?$/,
];

/** Words of columns and files about photos that do not say who is on them, as CelebA's list_eval_partition.txt. */
const NO_PERSON =
  /(?:^|[^a-z])(?:partitions?|genders?|sex|ages?|attr(?:ibute)?s?|landmarks?|bbox|quality|emotions?|expressions?|race|ethnicity|poses?|scores?)(?:[^a-z]|$)/i;
const NO_PERSON_COLUMN = /^(?:split|subset|fold|set)s?$/i;

/**
 * An image and a name or number of a person in each line; a table with a head may have other columns, too. Undefined
 * where the table of this name does not say who is on images.
 */
export function labelTable(
  name: string,
  rows: readonly Row[],
  isImage: (cell: string) => boolean,
): readonly PersonLabel[] | undefined {
  const [head = [], second = []] = rows;
  const headed = !head.some(isImage);
  const body = headed ? rows.slice(1) : rows;
  const image = (headed ? second : head).findIndex(isImage);
  if (image < 0) return undefined;
  const person = (headed ? namedPlace(head, body, image) : undefined) ?? labelPlace(body, image);
  if (person === undefined) return undefined;
  const column = headed ? (head[person] ?? '') : '';
  const isClear = PERSON_COLUMNS[0]?.test(plainWord(column)) === true;
  const about = [column, name.slice(name.lastIndexOf('/') + 1)];
  if (!isClear && (about.some((text) => NO_PERSON.test(text)) || NO_PERSON_COLUMN.test(column))) return undefined;
  const entries = body.map((row) => ({ image: row[image] ?? '', person: row[person] ?? '' }));
  const whole = entries.filter(({ image: path, person: label }) => isImage(path) && label !== '');
  // A stray line is no harm; a table that is something else is.
  return whole.length < 0.9 * entries.length ? undefined : whole;
}

/** The column whose name says that it holds people: the clearest name, and one whose values come again if there is. */
function namedPlace(head: Row, body: readonly Row[], image: number): number | undefined {
  const words = head.map(plainWord);
  const named = PERSON_COLUMNS.flatMap((name) =>
    words.flatMap((word, at) => (at !== image && name.test(word) ? [at] : [])),
  );
  const comesAgain = (at: number) => new Set(body.map((row) => row[at] ?? '')).size < body.length;
  return named.find(comesAgain) ?? named[0];
}

function plainWord(cell: string): string {
  return cell.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * The column of the person where none is named so: the only other one, or in MXNet's lists (number, label, path;
 * InsightFace: 1, path, label) the one whose values come again but are not all alike.
 */
function labelPlace(body: readonly Row[], image: number): number | undefined {
  const width = body[0]?.length ?? 0;
  if (width > MOST_COLUMNS) return undefined;
  const others = Array.from({ length: width }, (_, at) => at).filter((at) => at !== image);
  if (others.length === 1) return others[0];
  const shared = others.filter((at) => {
    const values = new Set(body.map((row) => row[at] ?? ''));
    return values.size > 1 && values.size < body.length;
  });
  return shared.length === 1 ? shared[0] : undefined;
}
