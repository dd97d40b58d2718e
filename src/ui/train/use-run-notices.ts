import { lacksFaces, type RunRecord } from '../../client/run-record.ts';
import { formatNumber } from '../../config/quantity.ts';
import { setRuns, useRuns } from '../state/runs-store.ts';
import { useRunState } from '../state/store-context.tsx';
import type { Notice } from './notice-list.ts';

/** Notices about opening and keeping runs. */
export function useRunNotices(): readonly Notice[] {
  const { openFailure, keepFailure } = useRuns();
  const run = useRunState((state) => state.run);
  const faces = useRunState((state) => state.faces);
  const notices: Notice[] = [];
  if (openFailure !== undefined) {
    notices.push({
      id: 'run-not-opened',
      title: openFailure.message,
      text: openFailure.hint,
      actions: [],
      onClose: () => setRuns({ openFailure: undefined }),
    });
  }
  if (run !== undefined && lacksFaces(run, faces)) notices.push(facesWanted(run, faces.summary));
  if (keepFailure !== undefined) {
    notices.push({
      id: 'run-not-kept',
      title: keepFailure.message,
      text: keepFailure.hint,
      actions: [{ label: 'Past runs', act: () => setRuns({ open: true }) }],
      onClose: () => setRuns({ keepFailure: undefined }),
    });
  }
  return notices;
}

function facesWanted(
  { faces }: RunRecord,
  here: { readonly identities: number; readonly images: number } | undefined,
): Notice {
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
