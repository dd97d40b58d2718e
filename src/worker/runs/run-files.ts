import packageJson from '../../../package.json' with { type: 'json' };
import { armConfig } from '../../config/arm.ts';
import { type ExportedFile, exportNetwork } from '../../exchange/export/export-network.ts';
import { firstShapes, readRunArchive, writeRunArchive } from '../../exchange/run-archive.ts';
import { metricsCsv } from '../../exchange/run-tables.ts';
import { historyUpTo, type RunHistory } from '../../record/run-history.ts';
import { BUILT_IN_BUNDLE } from './built-in-bundle.ts';
import type { KeptRun, OpenedRun } from './kept-run.ts';
import { opened } from './opened-run.ts';
import type { NetworkOrder, PackOrder } from './protocol.ts';

const { version } = packageJson;

/** A whole run as one .zip. @throws ExportError */
export function pack({ run, history, checkpoint, pictures }: PackOrder): ExportedFile {
  const { config, step, arms } = checkpoint;
  const { engine, name, faces } = run;
  const shown = historyUpTo(history, step);
  const bytes = writeRunArchive({ config, step, arms, version, engine, history: shown, name, faces }, pictures);
  const stem = (name ?? '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  return { name: `${stem || 'craft-run'}-step-${step}.zip`, bytes, mediaType: 'application/zip' };
}

/** An arm as a model. @throws ExportError */
export function writeNetwork({ checkpoint, arm, format, batchNorm }: NetworkOrder): ExportedFile {
  const found = checkpoint.arms.find(({ name }) => name === arm);
  if (found === undefined) throw new Error(`the run has no ${arm} arm`);
  const network = { config: armConfig(checkpoint.config, found), state: found.state, step: checkpoint.step, arm };
  return exportNetwork(network, { format, batchNorm, version, bundle: BUILT_IN_BUNDLE });
}

/** Numbers over time. */
export function writeNumbers(history: RunHistory, step: number): ExportedFile {
  const bytes = new TextEncoder().encode(metricsCsv(history));
  return { name: `metrics-step-${step}.csv`, bytes, mediaType: 'text/csv' };
}

/** A run's .zip as a run of its own, apart from any other that was saved into the same file. @throws ModelProblem */
export async function openFile(file: File): Promise<OpenedRun> {
  const archive = readRunArchive(new Uint8Array(await file.arrayBuffer()));
  const { config, step, arms, engine, faces } = archive;
  const history = archive.history ?? { ...firstShapes(config, arms), arms: {}, events: [], seams: [] };
  const notices = [...archive.notices];
  if (archive.history === undefined) {
    const message = `The file is of an older version and holds no history: charts and walls begin at step ${step}.`;
    notices.push({ key: 'history', message });
  }
  const now = Date.now();
  const run: KeptRun = {
    // An id of its own: the run it was saved from may be kept here too.
    runId: `run-${now.toString(36)}-${Math.random().toString(36).slice(2)}`,
    name: archive.name,
    config,
    step,
    startedAt: now,
    updatedAt: now,
    end: step >= config.steps ? 'completed' : 'open',
    engine,
    figures: figuresOf(history),
    faces,
  };
  return { ...opened(run, history, { config, step, arms }), notices };
}

/** Last figures of each arm. */
function figuresOf({ arms }: RunHistory): KeptRun['figures'] {
  const figures = Object.entries(arms).map(([name, { inactiveShare, loss, verification }]) => [
    name,
    {
      inactiveShare: inactiveShare.rows.at(-1) ?? 0,
      loss: loss.rows.at(-1),
      accuracy: verification.rows.at(-1),
    },
  ]);
  return Object.fromEntries(figures);
}
