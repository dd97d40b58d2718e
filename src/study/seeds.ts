import { HIGHEST_SEED } from '../config/settings/seeds.ts';
import { StudyProblem } from './problem.ts';

/** Seeds of one study. */
export const MOST_STUDY_SEEDS = 100;

/**
 * Reads a list of seeds and ranges, `1-16,20 22`, in its order, each seed once.
 * @throws StudyProblem `bad-plan`
 */
export function seedsFromText(text: string): readonly number[] {
  const seeds = new Set<number>();
  for (const part of text.split(/[\s,;]+/).filter((one) => one !== '')) {
    const range = /^(\d{1,10})(?:[-–](\d{1,10}))?$/.exec(part);
    const first = Number(range?.[1]);
    const last = Number(range?.[2] ?? range?.[1]);
    if (range === null || last > HIGHEST_SEED)
      throw unreadable(`"${part.slice(0, 40)}" is no seed and no range of seeds`);
    if (last < first) throw unreadable(`The range ${part} runs backwards`);
    if (last - first >= MOST_STUDY_SEEDS) throw unreadable(`The range ${part} holds ${last - first + 1} seeds`);
    for (let seed = first; seed <= last; seed++) seeds.add(seed);
  }
  if (seeds.size === 0) throw unreadable('There are no seeds');
  if (seeds.size > MOST_STUDY_SEEDS) throw unreadable(`There are ${seeds.size} seeds`);
  return [...seeds];
}

/** Seeds as `seedsFromText` reads them, neighbours as a range: "1-16,20". */
export function seedsText(seeds: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const seed of seeds) {
    const range = ranges.at(-1);
    if (range !== undefined && seed === range[1] + 1) range[1] = seed;
    else ranges.push([seed, seed]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

function unreadable(found: string): StudyProblem {
  return new StudyProblem(
    'bad-plan',
    `${found}.`,
    `Name 1 to ${MOST_STUDY_SEEDS} seeds as a list or a range: 1-16 or 3,5,8.`,
  );
}
