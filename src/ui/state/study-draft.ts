import { create } from 'zustand';

/** The plan of the next study as it is being written; each part as the command line has it. */
export interface StudyDraft {
  /** "1-6, 9". */
  readonly seeds: string;
  /** "blend", "late:stopAt=90". */
  readonly conditions: readonly string[];
  /** "filters=32,64". */
  readonly vary: readonly string[];
  /** Tests beside the held-out pairs: "synthetic:lfw", or the name of a file. */
  readonly data: readonly string[];
  /** "heldout", or one of `data`. */
  readonly primary: string;
  /** The settings that a seed decides beside `seed`: "splitSeed". */
  readonly seedAlso: readonly string[];
}

const SEEDS = 'seeds';
const PRIMARY = 'primary';
/** Parameters with several values. */
const LISTS = { conditions: 'condition', vary: 'vary', data: 'data', seedAlso: 'seed-also' } as const;

const FIRST: StudyDraft = {
  seeds: '1-6',
  conditions: ['blend', 'random'],
  vary: [],
  data: [],
  primary: 'heldout',
  seedAlso: [],
};

export const useStudyDraft = create<StudyDraft>(() => ({ ...FIRST, ...(studyDraftIn(window.location.search) ?? {}) }));

export function draftStudy(change: Partial<StudyDraft>): void {
  useStudyDraft.setState(change);
}

/** The plan in an address's query; undefined where it names no seeds. It is checked where it is shown. */
function studyDraftIn(search: string): StudyDraft | undefined {
  const query = new URLSearchParams(search);
  const seeds = query.get(SEEDS);
  if (seeds === null) return undefined;
  return {
    seeds,
    conditions: query.getAll(LISTS.conditions),
    vary: query.getAll(LISTS.vary),
    data: query.getAll(LISTS.data),
    primary: query.get(PRIMARY) ?? FIRST.primary,
    seedAlso: query.getAll(LISTS.seedAlso),
  };
}

/** The query with the plan in it; other parameters stay. */
export function withStudyDraft({ seeds, primary, ...lists }: StudyDraft, search: string): string {
  const query = new URLSearchParams(search);
  for (const name of [SEEDS, PRIMARY, ...Object.values(LISTS)]) query.delete(name);
  query.set(SEEDS, seeds);
  for (const list of ['conditions', 'vary', 'data', 'seedAlso'] as const) {
    for (const value of lists[list]) query.append(LISTS[list], value);
  }
  if (primary !== FIRST.primary) query.set(PRIMARY, primary);
  return `?${query}`;
}
