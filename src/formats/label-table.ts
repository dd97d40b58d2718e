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
  /^(?:the)?(?:identity|person|subject|celeb(?:rity)?|individual|people|actor|who)(?:id|idx|index|name|label|number|num|no|nr)?s?$/,
  /^(?:id|gt|true)?label(?:id|idx|index|name)?s?$/,
  /^(?:class|target|y|cluster|category|categories)(?:id|idx|index|name|label)?s?$/,
  /^(?:full|real|display)?names?$/,
  // Other words for somebody, and other languages.
  /^(?:speaker|student|member|employee|player|character|politician|patient|participant)(?:id|name|number|no|nr)?s?$/,
  /^pid$|^id(?:person|subject|identity|name|class)$/,
  /^(?:personen|personne|persona|pessoa|sujet|sujeto|nom|nombre|nome|klasse|classe|clase|姓名|人名|人物|身份)(?:id|name)?s?$/,
];
/** May as well number the lines: then no value comes again. */
const PERSON_OR_LINE = /^id(?:no|nr|num|number)?$/;
/** A number that counts nobody, as a measure has it; MXNet's lists have labels such as 12.000000. */
const FRACTION = /^-?\d*\.\d*[1-9]\d*$/;
/** Marks of an image whose person is unknown. */
const NOBODY = /^(?:|-1(?:\.0+)?|nan|none|null|n\/a|\?)$/i;
const WHOLE_FLOAT = /^(\d+)\.0+$/;
const NUMBER = /^\d+$/;

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
  // Two images in a line are a pair.
  if (!isClear && hasOtherImages(headed ? head : [], body, [image, person], isImage)) return undefined;
  // A measure of each photo would make people of its values.
  if (!isPersonWord(column) || (headed && isCoordinate(head, person, image))) return undefined;
  const about = [column, name.slice(name.lastIndexOf('/') + 1)];
  if (!isClear && (about.some((text) => NO_PERSON.test(text)) || NO_PERSON_COLUMN.test(column))) return undefined;
  const entries = body.map((row) => ({
    image: row[image] ?? '',
    person: (row[person] ?? '').replace(WHOLE_FLOAT, '$1'),
  }));
  const withImage = entries.filter(({ image: path }) => isImage(path));
  const whole = withImage.filter(({ person: label }) => !NOBODY.test(label));
  const people = new Set(whole.map(({ person: label }) => label));
  // Measures, and tables to be filled in, where all labels are 0.
  const isMeasure = [...people].some((label) => FRACTION.test(label));
  const isForm = people.size === 1 && whole.length > 1 && [...people].every((label) => NUMBER.test(label));
  // A stray line is no harm; a table that is something else is.
  return withImage.length < 0.9 * entries.length || people.size === 0 || isMeasure || isForm ? undefined : whole;
}

/** Whether a column that is none of `used` holds images; of numbers only one with a name such as the images' own. */
function hasOtherImages(head: Row, body: readonly Row[], used: readonly number[], isImage: (cell: string) => boolean) {
  const [image = 0] = used;
  const kind = (at: number) => plainWord(head[at] ?? '').replace(/[\dab]|left|right|first|second/g, '');
  const width = body[0]?.length ?? 0;
  return Array.from({ length: width }, (_, at) => at).some((at) => {
    if (used.includes(at)) return false;
    const cells = body.map((row) => row[at] ?? '');
    const images = cells.filter((cell) => isImage(cell) && (!NUMBER.test(cell) || kind(at) === kind(image))).length;
    return images >= 0.9 * cells.length;
  });
}

/** The column whose name says that it holds people: the clearest name, and one whose values come again if there is. */
function namedPlace(head: Row, body: readonly Row[], image: number): number | undefined {
  const words = head.map((cell, at) => (isCoordinate(head, at, image) ? '' : plainWord(cell)));
  const named = PERSON_COLUMNS.flatMap((name) =>
    words.flatMap((word, at) => (at !== image && name.test(word) ? [at] : [])),
  );
  const comesAgain = (at: number) => new Set(body.map((row) => row[at] ?? '')).size < body.length;
  const person = named.find(comesAgain) ?? named[0];
  if (person !== undefined) return person;
  return words.flatMap((word, at) => (at !== image && PERSON_OR_LINE.test(word) ? [at] : [])).find(comesAgain);
}

/** Whether a column is the y of a face's box: beside an x that is not the image. */
function isCoordinate(head: Row, column: number, image: number): boolean {
  return plainWord(head[column] ?? '') === 'y' && head.some((cell, at) => at !== image && plainWord(cell) === 'x');
}

/** Whether a column's name may mean a person: a word for one, or no word. */
function isPersonWord(column: string): boolean {
  const word = plainWord(column);
  return NUMBER.test(word) || word === '' || [...PERSON_COLUMNS, PERSON_OR_LINE].some((name) => name.test(word));
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
