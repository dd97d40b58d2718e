import { useMemo } from 'react';
import type { OwnFaces } from '../../client/study-faces.ts';
import { useRunState } from '../state/store-context.tsx';
import type { StudyMeans } from './plan-of-draft.ts';
import { studyFaces, studyTests, useStudy } from './study-store.ts';

/** The faces and files that the page has for a study, and the own faces of the Train tab. */
export function useStudyMeans(): StudyMeans & { readonly own: OwnFaces | undefined } {
  const { summary, given } = useRunState((state) => state.faces);
  // Which files are here changes with them.
  const tests = useStudy((state) => state.tests);
  const study = useStudy((state) => state.study);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the answers change with tests and study.
  return useMemo(
    () => ({
      own: summary && { name: summary.name, files: given },
      ownFaces: summary !== undefined || studyFaces() !== undefined,
      missing: (evaluations) => studyTests.missing(evaluations),
    }),
    [summary, given, tests, study],
  );
}
