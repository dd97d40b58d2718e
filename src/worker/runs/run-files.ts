import packageJson from '../../../package.json' with { type: 'json' };
import { armConfig, armsOf } from '../../config/arm.ts';
import { type ExportedFile, exportNetwork } from '../../exchange/export/export-network.ts';
import { armsFrom, type FirstWeights, readFirstWeights, settingsToTrainOn } from '../../exchange/first-weights.ts';
import type { ModelFile } from '../../exchange/import/model-files.ts';
import { ModelProblem } from '../../exchange/model-problem.ts';
import { firstShapes, readRunArchive, writeRunArchive } from '../../exchange/run-archive.ts';
import { metricsCsv } from '../../exchange/run-tables.ts';
import { architectureOf } from '../../network/architecture.ts';
import { filterReport, measureFirstLayer } from '../../network/first-layer-use.ts';
import { CENTRES_NAME } from '../../network/parameters.ts';
import { MeasuredRun } from '../../record/measured-run.ts';
import { historyUpTo, type RunHistory } from '../../record/run-history.ts';
import { trainedPeople } from '../../verification/held-out-people.ts';
import { BUILT_IN_BUNDLE } from './built-in-bundle.ts';
import type { KeptRun, OpenedRun } from './kept-run.ts';
import { opened } from './opened-run.ts';
import type { NetworkOrder, PackOrder, WeightsOrder } from './protocol.ts';

const { version } = packageJson;

/** A whole run as one .zip. @throws ExportError */
export function pack({ run, history, checkpoint, pictures }: PackOrder): ExportedFile {
  const { config, step, arms } = checkpoint;
  const { engine, name, faces, weights } = run;
  const shown = historyUpTo(history, step);
  const about = { version, engine, name, faces, weights };
  const bytes = writeRunArchive({ config, step, arms, history: shown, ...about }, pictures);
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
  const { config, step, arms, engine, faces, weights } = archive;
  const history = archive.history ?? { ...firstShapes(config, arms), arms: {}, events: [], seams: [] };
  const notices = [...archive.notices];
  if (archive.history === undefined) {
    const message = `The file is of an older version and holds no history: charts and walls begin at step ${step}.`;
    notices.push({ key: 'history', message });
  }
  const run = keptNow({ name: archive.name, config, step, engine, faces, weights, history });
  return { ...opened(run, history, { config, step, arms }), notices };
}

/** A run at step 0 that begins with the weights of a network that was trained here. @throws ModelProblem */
export async function openWeights({ files, file, arm }: WeightsOrder): Promise<OpenedRun> {
  const contents: ModelFile[] = [];
  for (const { path, file: content } of files) {
    contents.push({ name: path, bytes: new Uint8Array(await content.arrayBuffer()) });
  }
  const weights = await readFirstWeights(contents, { file, arm });
  const config = settingsToTrainOn(weights);
  const { arms, origin } = armsFrom(weights, { config, arms: armsOf(config), people: peopleOf(weights) });
  const measured = new MeasuredRun(config);
  measured.begin(arms.map(({ name }) => ({ name, kernelShape: firstShapes(config, arms).kernelShape })));
  for (const one of arms) {
    const own = armConfig(config, one);
    const layer = measureFirstLayer(one.state, architectureOf(own, 2));
    if (layer !== undefined) measured.measure({ type: 'filters', arm: one.name, step: 0, ...filterReport(layer, own) });
  }
  const history = measured.history() ?? { ...firstShapes(config, arms), arms: {}, events: [], seams: [] };
  const engine = { backend: '', adapter: '' };
  const run = keptNow({ config, step: 0, engine, faces: weights.faces, weights: origin, history });
  return opened(run, history, { config, step: 0, arms });
}

/** People whom the run will train on. @throws ModelProblem where the file does not say */
function peopleOf({ config, weights }: FirstWeights): number {
  const centres = weights.get(CENTRES_NAME)?.shape[0];
  if (centres !== undefined) return centres;
  if (config.faces === 'synthetic') return trainedPeople(config.identities, config.heldOutShare);
  throw new ModelProblem(
    'unsupported',
    'The network was trained on own faces, and this file does not say on how many people.',
    "Give the run's .zip or a .safetensors of it, which hold the class centres, or use npm run train -- --weights.",
  );
}

/** A run with an id of its own: the one it was saved from may be kept here too. */
function keptNow({
  history,
  ...run
}: Pick<KeptRun, 'name' | 'config' | 'step' | 'engine' | 'faces' | 'weights'> & {
  readonly history: RunHistory;
}): KeptRun {
  const now = Date.now();
  return {
    runId: `run-${now.toString(36)}-${Math.random().toString(36).slice(2)}`,
    ...run,
    startedAt: now,
    updatedAt: now,
    end: run.step >= run.config.steps ? 'completed' : 'open',
    figures: figuresOf(history),
  };
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
