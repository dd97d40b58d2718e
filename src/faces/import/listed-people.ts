import type { PersonLabel } from '../../formats/label-table.ts';
import { imageLookup } from './image-lookup.ts';
import { fewOf } from './import-notes.ts';
import { countText } from './limits.ts';

/** A table of people beside images. */
export interface PeopleTable {
  readonly list: string;
  readonly entries: readonly PersonLabel[];
}

/** A list of who is on the images. */
export interface ListedPeople {
  /** The table, or the tables that are parts of one. */
  readonly lists: readonly string[];
  /** [images], undefined where the list does not name the image. */
  readonly people: readonly (string | undefined)[];
  /** How many images the list names that are not there, or by a name that two have. */
  readonly absent: number;
  /** How many images it gives to two people: they are left out. */
  readonly disputed: number;
  /** Why other tables were not joined to it, a sentence each. */
  readonly doubts: readonly string[];
}

/** The tables that say who is on images, and the paths of those that are not used. */
export interface ChosenTables {
  readonly labels: ListedPeople | undefined;
  readonly tables: readonly string[];
  /** Those of them whose people are not those of the folders. */
  readonly others: readonly string[];
}

const NUMBER = /^\d+$/;

/**
 * Of tables in the order of their paths: the first and those that go with it, where they name at least half of the
 * images together; else the first that names half alone. Tables of train and test are parts of one set.
 */
export function chosenTables(paths: readonly string[], tables: readonly PeopleTable[]): ChosenTables {
  const read = tables.map((table) => placed(paths, table));
  const [first, ...others] = read.filter(({ people }) => countNamed(people) > 0);
  const enough = ({ people }: ListedPeople) => countNamed(people) > 0 && 2 * countNamed(people) >= paths.length;
  const rest = (used: readonly ListedPeople[]) => {
    const unused = read.filter((table) => !used.includes(table));
    const others = unused.filter(({ people }) => !areFolders(paths, people));
    return { tables: unused.flatMap(({ lists }) => lists), others: others.flatMap(({ lists }) => lists) };
  };
  if (first === undefined) return { labels: undefined, ...rest([]) };
  const parts = [first];
  const doubts: string[] = [];
  for (const other of others) {
    const whole = joined(parts, []);
    const reason = apart(whole, other);
    if (reason === undefined) parts.push(other);
    else if (reason !== '') doubts.push(reason);
  }
  const whole = joined(parts, doubts);
  if (enough(whole)) return { labels: whole, ...rest(parts) };
  const alone = read.find(enough);
  return { labels: alone, ...rest(alone === undefined ? [] : [alone]) };
}

/** Whether each person of a table has one folder, and each of these folders one person. */
function areFolders(paths: readonly string[], people: ListedPeople['people']): boolean {
  const folderOf = new Map<string, string>();
  const personOf = new Map<string, string>();
  const alike = paths.every((path, at) => {
    const person = people[at];
    if (person === undefined) return true;
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (!folderOf.has(person)) folderOf.set(person, folder);
    if (!personOf.has(folder)) personOf.set(folder, person);
    return folderOf.get(person) === folder && personOf.get(folder) === person;
  });
  return alike && folderOf.size > 1;
}

/** Which tables were used, and how much they name, in sentences. */
export function peopleNote({ lists, people, absent, disputed }: ListedPeople): string {
  const [says, names, gives] =
    lists.length === 1 ? ['says', 'It names', 'It gives'] : ['say', 'They name', 'They give'];
  const named = countNamed(people);
  return [
    `${fewOf(lists)} ${says} who is on ${named} of ${countText(people.length, 'image')}.`,
    ...(named < people.length ? ['The others were left out.'] : []),
    ...(disputed > 0 ? [`${gives} ${countText(disputed, 'image')} to two people.`] : []),
    ...(absent > 0
      ? [`${names} ${countText(absent, 'image')} that ${absent === 1 ? 'is' : 'are'} not there, or there twice.`]
      : []),
  ].join(' ');
}

/** How many images have a person. */
function countNamed(people: ListedPeople['people']): number {
  return people.filter((person) => person !== undefined).length;
}

/** The images of one table. A name that two images share means the one in the folder of the table's own name. */
function placed(paths: readonly string[], { list, entries }: PeopleTable): ListedPeople {
  const listed = entries.map(({ image }) => image);
  const anywhere = imageLookup(paths, listed);
  const folder = `${list.replace(/\.[^./]*$/, '')}/`.toLowerCase();
  const own = paths.flatMap((path, at) => (path.toLowerCase().startsWith(folder) ? [at] : []));
  const inFolder = imageLookup(
    own.map((at) => paths[at] ?? ''),
    own.length === 0 ? [] : listed,
  );
  const people: (string | undefined)[] = paths.map(() => undefined);
  const disputed = new Set<number>();
  let absent = 0;
  for (const { image, person } of entries) {
    const at = anywhere.place(image) ?? own[inFolder.place(image) ?? own.length];
    if (at === undefined) absent++;
    else if (people[at] !== undefined && people[at] !== person) disputed.add(at);
    else people[at] = person;
  }
  for (const at of disputed) people[at] = undefined;
  return { lists: [list], people, absent, disputed: disputed.size, doubts: [] };
}

function joined(parts: readonly ListedPeople[], doubts: readonly string[]): ListedPeople {
  const sum = (count: (part: ListedPeople) => number) => parts.reduce((total, part) => total + count(part), 0);
  return {
    lists: parts.flatMap(({ lists }) => lists),
    people: (parts[0]?.people ?? []).map((_, at) => parts.find(({ people }) => people[at] !== undefined)?.people[at]),
    absent: sum(({ absent }) => absent),
    disputed: sum(({ disputed }) => disputed),
    doubts,
  };
}

/** Why two tables are no parts of one: '' where they name an image differently, undefined where they are parts. */
function apart(one: ListedPeople, other: ListedPeople): string | undefined {
  const both = one.people.flatMap((person, at) => {
    const second = other.people[at];
    return person === undefined || second === undefined ? [] : [person === second];
  });
  if (both.length > 0) return both.every(Boolean) ? undefined : '';
  const known = new Set(one.people);
  const shared = other.people.find((person) => person !== undefined && NUMBER.test(person) && known.has(person));
  return shared === undefined
    ? undefined
    : `${fewOf(other.lists)} has people of the same numbers as ${fewOf(one.lists)} (${shared}); whether they are the same people cannot be known, so it was left out. Give one table of all images.`;
}
