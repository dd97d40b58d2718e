import { useEffect, useMemo, useState } from 'react';
import type { StudyRun } from '../../client/study-run.ts';
import { analyse, type StudyAnalysis } from '../../study/analysis.ts';
import type { ShownStudy } from './shown-study.ts';
import { type DroppedResults, setStudy, studyRuns, troubleOf } from './study-store.ts';

/** Rows that are judged between two frames; those of a hundred seeds would hold the page up for a second at each run. */
const AT_ONCE = 4000;

interface Judged {
  readonly analysis: StudyAnalysis;
  readonly study: StudyRun | undefined;
  readonly dropped: DroppedResults | undefined;
}

/**
 * The statistics of the results shown. Many are judged in a worker: undefined until the first statistics are there,
 * and those of fewer runs until the newest are.
 */
export function useAnalysis(
  { plan, rows }: ShownStudy,
  study: StudyRun | undefined,
  dropped: DroppedResults | undefined,
): StudyAnalysis | undefined {
  const revision = study?.revision;
  const [judged, setJudged] = useState<Judged>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows and plan are new objects at each draw, these are not.
  const now = useMemo(() => (rows.length <= AT_ONCE ? analyse(plan, rows) : undefined), [revision, study, dropped]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above.
  useEffect(() => {
    if (now !== undefined) return;
    const ending = new AbortController();
    const { signal } = ending;
    studyRuns.judge(plan, rows, signal).then(
      (analysis) => signal.aborted || setJudged({ analysis, study, dropped }),
      (error) => signal.aborted || setStudy({ trouble: troubleOf(error) }),
    );
    return () => ending.abort();
  }, [revision, study, dropped]);
  if (now !== undefined) return now;
  return judged?.study === study && judged?.dropped === dropped ? judged?.analysis : undefined;
}
