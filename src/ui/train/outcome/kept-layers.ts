import type { RunsClient } from '../../../client/runs-client.ts';
import { MeasuredRun } from '../../../record/measured-run.ts';
import { differInSeedOnly, type FinalLayers, layersOf, type TrainedAlike } from './final-layers.ts';

/** Their first layers are small, but each is read with its whole history. */
const MOST = 24;

/**
 * The first layers of kept runs that ended and were trained like `run` from another seed, newest first; those of `known` ids
 * are left out, and so is a run that can no longer be read.
 * @throws RunFileError where the list cannot be read
 */
export async function keptLayers(
  client: Pick<RunsClient, 'list' | 'loadHistory'>,
  run: TrainedAlike,
  known: ReadonlySet<string>,
): Promise<readonly FinalLayers[]> {
  const { runs } = await client.list();
  const wanted = runs.filter(
    (kept) =>
      kept.end === 'completed' && kept.weights === undefined && !known.has(kept.runId) && differInSeedOnly(kept, run),
  );
  const found: FinalLayers[] = [];
  // One after the other: a page that trains has little time beside.
  for (const { runId, step, faces } of wanted.slice(0, MOST)) {
    const read = await client.loadHistory(runId).catch(() => undefined);
    const layers = read && layersOf(runId, MeasuredRun.of(read.config, step, read.history), faces);
    if (layers !== undefined) found.push(layers);
  }
  return found;
}
