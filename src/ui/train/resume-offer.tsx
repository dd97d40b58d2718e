import { IconHistory } from '@tabler/icons-react';
import { formatNumber } from '../../config/quantity.ts';
import { Notice } from '../kit/notice.tsx';
import { whenInWords } from '../kit/run-words.ts';
import { resumeKeptRun } from '../state/open-run.ts';
import { usePastRuns, useRunState, useRunStore, useRuns } from '../state/store-context.tsx';

/** Offers to resume the run that was training when the page was last closed, reloaded or crashed. */
export function ResumeOffer() {
  const store = useRunStore();
  const pastRuns = usePastRuns();
  const offer = useRuns((state) => state.offer);
  const opening = useRuns((state) => state.opening !== undefined);
  const fresh = useRunState(({ run }) => run === undefined);
  // A run resumes with its own kernels' variants where the engine is the one it started with.
  const looking = useRunState(({ engine, engineFailure }) => (engine ?? engineFailure) === undefined);
  if (offer === undefined || !fresh) return null;
  const { runId, name, step, config, startedAt } = offer;
  const notice = {
    id: 'resume',
    title: name ? `Unfinished run “${name}”` : 'Unfinished run',
    text: `Started ${whenInWords(startedAt)} and kept up to step ${formatNumber(step)} of ${formatNumber(config.steps)}.`,
    actions: [
      {
        label: `Resume from ${formatNumber(step)}`,
        primary: true,
        busy: opening || looking,
        testId: 'resume-run',
        act: () => void resumeKeptRun(store, pastRuns, runId),
      },
    ],
    onClose: () => pastRuns.dismissOffer(),
    closeLabel: 'Not now',
  };
  return (
    <Notice notice={notice} icon={<IconHistory size={20} stroke={1.6} aria-hidden="true" />} testId="resume-offer" />
  );
}
