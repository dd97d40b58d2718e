import { create } from 'zustand';

/** The plan of the next study as it is being written; each part as the command line has it. */
export interface StudyDraft {
  /** "1-6, 9". */
  readonly seeds: string;
  /** "blend", "late:stopAt=90". */
  readonly conditions: readonly string[];
  /** "filters=32,64". */
  readonly vary: readonly string[];
}

const SEEDS = 'seeds';
const CONDITION = 'condition';
const VARY = 'vary';

const FIRST: StudyDraft = { seeds: '1-6', conditions: ['blend', 'random'], vary: [] };

export const useStudyDraft = create<StudyDraft>(() => ({ ...FIRST, ...(studyDraftIn(window.location.search) ?? {}) }));

export function draftStudy(change: Partial<StudyDraft>): void {
  useStudyDraft.setState(change);
}

/** The plan in an address's query; undefined where it names no seeds. It is checked where it is shown. */
function studyDraftIn(search: string): StudyDraft | undefined {
  const query = new URLSearchParams(search);
  const seeds = query.get(SEEDS);
  if (seeds === null) return undefined;
  return { seeds, conditions: query.getAll(CONDITION), vary: query.getAll(VARY) };
}

/** The query with the plan in it; other parameters stay. */
export function withStudyDraft({ seeds, conditions, vary }: StudyDraft, search: string): string {
  const query = new URLSearchParams(search);
  for (const name of [SEEDS, CONDITION, VARY]) query.delete(name);
  query.set(SEEDS, seeds);
  for (const condition of conditions) query.append(CONDITION, condition);
  for (const axis of vary) query.append(VARY, axis);
  return `?${query}`;
}
