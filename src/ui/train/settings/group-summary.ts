import type { FacesState } from '../../../client/faces-state.ts';
import { lacksFaces } from '../../../client/run-record.ts';
import { settingValue } from '../../../config/difference.ts';
import { type PresetId, presetOf, presetSize } from '../../../config/presets.ts';
import { formatNumber } from '../../../config/quantity.ts';
import type { RunConfig } from '../../../config/run-config.ts';
import type { ArchivedFaces } from '../../../exchange/run-archive.ts';

/** The preset in a line. */
export function presetSummary(preset: PresetId | undefined): string {
  return preset === undefined ? 'Your own settings' : `${presetOf(preset).name} · ${presetSize(preset)}`;
}

/** The faces in a line: those of a re-opened run while it waits for them, else those of the next run. */
export function facesSummary(config: RunConfig, faces: FacesState, run?: Parameters<typeof lacksFaces>[0]): string {
  if (faces.importing !== undefined) return `Reading ${faces.importing.name}`;
  const waits = run !== undefined && lacksFaces(run, faces);
  const own = waits ? run.faces : faces.summary;
  if (waits || config.faces === 'own') return own === undefined ? 'Your own, none dropped yet' : ownFaces(own);
  return `Synthetic · ${formatNumber(config.identities)} people × ${formatNumber(config.imagesPerIdentity)} photos`;
}

function ownFaces({ name, identities, images }: ArchivedFaces): string {
  return `${name} · ${formatNumber(identities)} people, ${formatNumber(images)} photos`;
}

/** The network in a line. */
export function networkSummary(config: RunConfig): string {
  return `${settingValue('body', config).split(',')[0]} · ${config.filters} first-layer filters`;
}

/** The recipe in a line. */
export function recipeSummary(config: RunConfig): string {
  const { batchSize, steps } = config;
  return `${settingValue('head', config)} · lr ${formatNumber(config.learningRate)} · batch ${batchSize} · ${formatNumber(steps)} steps`;
}

/** CRAFT in a line. */
export function craftSummary(config: RunConfig): string {
  const relative = config.criterion === 'relativeNorm' || config.criterion === 'foldedRelativeNorm';
  const measure = relative
    ? `Norm under ${formatNumber(config.rho)} of strong`
    : `|w| under ${formatNumber(config.epsilon)}`;
  return config.craft ? `${measure} · every ${config.checkEvery} %` : 'Off';
}

/** Seed and engine in a line. */
export function runSummary(config: RunConfig): string {
  return `Seed ${config.seed} · ${settingValue('backend', config)} engine`;
}
