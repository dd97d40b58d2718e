import { lacksFaces, type RunRecord } from '../../client/run-record.ts';
import { formatNumber } from '../../config/quantity.ts';
import { accuracyNote } from '../../record/accuracy-note.ts';
import type { NoticeText } from '../kit/notice.tsx';
import { usePastRuns, useRunState, useRuns } from '../state/store-context.tsx';

/** The notices about opening and keeping runs. */
export function useRunNotices(): readonly NoticeText[] {
  const pastRuns = usePastRuns();
  const openFailure = useRuns((state) => state.openFailure);
  const keepFailure = useRuns((state) => state.keepFailure);
  const noteClosed = useRuns((state) => state.noteClosed);
  const run = useRunState((state) => state.run);
  const faces = useRunState((state) => state.faces);
  // Read here, since the record is the same object before and after its start. A run that was opened does not say how
  // many pairs it had.
  const data = useRunState(({ run }) => (run?.restingFrom === undefined ? run?.started?.data : undefined));
  const notices: NoticeText[] = [];
  if (openFailure !== undefined) {
    notices.push({
      id: 'run-not-opened',
      title: openFailure.message,
      text: openFailure.hint,
      actions: [],
      onClose: () => pastRuns.set({ openFailure: undefined }),
    });
  }
  if (run !== undefined && lacksFaces(run, faces)) notices.push(facesWanted(run, faces.summary));
  const note = data && accuracyNote(data);
  if (run !== undefined && note !== undefined && run.runId !== noteClosed) {
    const close = () => pastRuns.set({ noteClosed: run.runId });
    notices.push({ id: 'accuracy', ...note, actions: [], onClose: close });
  }
  if (keepFailure !== undefined) {
    notices.push({
      id: 'run-not-kept',
      title: keepFailure.message,
      text: keepFailure.hint,
      actions: [{ label: 'Past runs', act: () => pastRuns.set({ open: true }) }],
      onClose: () => pastRuns.set({ keepFailure: undefined }),
    });
  }
  return notices;
}

function facesWanted(
  { faces }: RunRecord,
  here: { readonly identities: number; readonly images: number } | undefined,
): NoticeText {
  const count = ({ identities, images }: { readonly identities: number; readonly images: number }) =>
    `${formatNumber(identities)} people, ${formatNumber(images)} images`;
  const wanted = faces === undefined ? 'the folder again' : `“${faces.name}” again: ${count(faces)}`;
  const other = here === undefined ? '' : ` The faces that are here are others: ${count(here)}.`;
  return {
    id: 'run-faces',
    title: 'This run was trained on your own faces, and they are not kept with it',
    text: `To train on, drop ${wanted}.${other} The page shows its measurements meanwhile.`,
    actions: [],
  };
}
