import { formatNumber } from '../config/quantity.ts';
import type { ChannelUse } from './contribution.ts';
import type { Convolution } from './convolution.ts';
import type { KernelShape } from './filter-bank.ts';
import { type InspectionSettings, inspectLayer } from './inspection.ts';
import { repeatedFilters } from './repeated-filters.ts';

/** The use and the cost of the channels of one convolution. */
export interface LayerAudit {
  readonly name: string;
  readonly shape: KernelShape;
  /** Each filter reads one channel of several. */
  readonly depthwise: boolean;
  /** Filters near zero by the threshold, and those of them whose every weight is exactly zero. */
  readonly dead: number;
  readonly exactlyZero: number;
  /** Channels unused by the layers behind, dead ones included; undefined where the graph does not show them. */
  readonly unused: number | undefined;
  /** Filters that repeat an earlier one of the layer, or its negative. */
  readonly duplicate: number;
  /** Filters with weights that are no finite numbers; nothing is said of these. */
  readonly notFinite: number;
  /** Weights of the kernel, and of its dead filters alone. */
  readonly parameters: number;
  readonly deadParameters: number;
  /** For one image; undefined where the size of the image there is not known. */
  readonly multiplyAdds: number | undefined;
  readonly deadMultiplyAdds: number | undefined;
  /** Where the absolute threshold and a comparison within the layer disagree, in a sentence. */
  readonly misleading: string | undefined;
}

/** The audit of all convolutions together. */
export interface AuditTotals {
  readonly channels: number;
  readonly dead: number;
  readonly exactlyZero: number;
  readonly duplicate: number;
  readonly parameters: number;
  readonly deadParameters: number;
  /** Undefined where it is for one of the layers. */
  readonly multiplyAdds: number | undefined;
  readonly deadMultiplyAdds: number | undefined;
}

/** Counts dead, unused and duplicate channels of a convolution, with the cost of the dead ones. */
export function auditLayer(
  convolution: Convolution,
  use: ChannelUse | undefined,
  settings: InspectionSettings,
): LayerAudit {
  const { name, shape, groups, positions } = convolution;
  const [height, width, channels, filters] = shape;
  const { raw, exactlyZero } = inspectLayer(convolution, settings);
  const dead = raw.nearZero.length;
  const each = height * width * channels;
  const cost = (count: number) => (positions === undefined ? undefined : count * each * positions);
  return {
    name,
    shape,
    depthwise: channels === 1 && filters > 1 && (groups ?? 1) > 1,
    dead,
    exactlyZero: exactlyZero.length,
    unused: use?.unused.reduce((sum, flag) => sum + flag, 0),
    duplicate: repeatedFilters(convolution).length,
    notFinite: raw.notFinite.length,
    parameters: filters * each,
    deadParameters: dead * each,
    multiplyAdds: cost(filters),
    deadMultiplyAdds: cost(dead),
    misleading: misleadingThreshold(raw, settings),
  };
}

/** The same for all layers together. */
export function auditTotals(layers: readonly LayerAudit[]): AuditTotals {
  const sum = (of: (layer: LayerAudit) => number) => layers.reduce((total, layer) => total + of(layer), 0);
  const known = layers.every(({ multiplyAdds }) => multiplyAdds !== undefined);
  return {
    channels: sum(({ shape }) => shape[3]),
    dead: sum(({ dead }) => dead),
    exactlyZero: sum(({ exactlyZero }) => exactlyZero),
    duplicate: sum(({ duplicate }) => duplicate),
    parameters: sum(({ parameters }) => parameters),
    deadParameters: sum(({ deadParameters }) => deadParameters),
    multiplyAdds: known ? sum(({ multiplyAdds = 0 }) => multiplyAdds) : undefined,
    deadMultiplyAdds: known ? sum(({ deadMultiplyAdds = 0 }) => deadMultiplyAdds) : undefined,
  };
}

/**
 * The size of weights differs from layer to layer: small ones are usual where a filter reads many channels or a batch
 * norm follows. So filters below the threshold that are not weak next to their neighbours are no dead ones, and weak
 * ones above it are missed.
 */
function misleadingThreshold(
  { nearZero, weak }: { readonly nearZero: readonly number[]; readonly weak: readonly number[] },
  { epsilon, rho, reference }: InspectionSettings,
): string | undefined {
  const small = new Set(nearZero);
  const little = new Set(weak);
  const counted = nearZero.filter((filter) => !little.has(filter)).length;
  const missed = weak.filter((filter) => !small.has(filter)).length;
  const share = `${Math.round(100 * rho)} % of ${reference === 'strong' ? 'the strong ones' : 'the largest'}`;
  const isAre = (count: number) => (count === 1 ? '1 filter is' : `${count} filters are`);
  if (counted > 0) {
    return `The threshold ${formatNumber(epsilon)} misleads here: ${isAre(counted)} below it, but above ${share}.`;
  }
  return missed > 0
    ? `The threshold ${formatNumber(epsilon)} misses some here: ${isAre(missed)} above it, but below ${share}.`
    : undefined;
}
