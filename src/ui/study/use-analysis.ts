import { useEffect, useMemo, useReducer } from 'react';
import type { StudyRun } from '../../client/study-run.ts';
import { analyse, type StudyAnalysis } from '../../study/analysis.ts';
import type { ShownStudy } from './shown-study.ts';
import { type DroppedResults, studyRuns } from './study-store.ts';

/** Rows that are judged between two frames; those of a hundred seeds would hold the page up for a second at each run. */
const AT_ONCE = 4000;

interface Judged {
  readonly analysis: StudyAnalysis;
  readonly study: StudyRun | undefined;
  readonly revision: number | undefined;
}

/** The last statistics of each file or study: they outlive the screen, which is left and opened again. */
const judged = new WeakMap<object, Judged>();

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
  const subject = dropped ?? study;
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows and plan are new objects at each draw, these are not.
  const now = useMemo(() => (rows.length <= AT_ONCE ? analyse(plan, rows) : undefined), [revision, study, dropped]);
  const last = subject && judged.get(subject);
  const known = last?.study === study ? last : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above.
  useEffect(() => {
    if (now !== undefined || subject === undefined || (known !== undefined && known.revision === revision)) return;
    const ending = new AbortController();
    const { signal } = ending;
    // Where the worker is lost, the page waits for the statistics.
    const analysed = studyRuns
      .judge(plan, rows, signal)
      .catch(() => (signal.aborted ? undefined : analyse(plan, rows)));
    void analysed.then((analysis) => {
      if (signal.aborted || analysis === undefined) return;
      judged.set(subject, { analysis, study, revision });
      draw();
    });
    return () => ending.abort();
  }, [revision, study, dropped]);
  return now ?? known?.analysis;
}
