import { formatNumber } from '../config/quantity.ts';
import type { InspectionSettings, LayerInspection } from './inspection.ts';

/** The result of an inspection in words. */
export interface Verdict {
  readonly headline: string;
  readonly detail: string;
}

/**
 * The verdict on a layer by one of the two states, raw or folded. `layer` is its name in the sentence: "first layer";
 * `remarks` are sentences on how it was found. Weights that are NaN or infinite come before anything else that can be said.
 */
export function verdictOn(
  inspection: LayerInspection,
  settings: InspectionSettings,
  { remarks = [], ...options }: VerdictOptions & { readonly remarks?: readonly string[] } = {},
): Verdict {
  const { headline, detail } = judgedBy(inspection, settings, options);
  return { headline, detail: [detail, ...remarks].join(' ') };
}

interface VerdictOptions {
  readonly state?: 'nearZero' | 'weak';
  readonly view?: 'raw' | 'folded';
  readonly layer?: string;
}

function judgedBy(inspection: LayerInspection, settings: InspectionSettings, options: VerdictOptions): Verdict {
  const { state = 'nearZero', view = 'raw', layer = 'first layer' } = options;
  const filters = inspection.shape[3];
  const found = inspection[view];
  const broken = found.notFinite.length;
  const detail = detailOf(inspection, settings, state, view, layer);
  if (broken === 0) return { headline: headlineOf(found[state].length, filters, layer), detail };
  const inWeights = inspection.raw.norms.filter((norm) => !Number.isFinite(norm)).length === broken;
  const values = inWeights ? 'weights that are not finite numbers' : 'numbers that are not finite';
  const of = `${layer.replaceAll(' ', '-')} filters`;
  const cause = inWeights ? 'training diverged' : 'training or the batch norm diverged';
  const advice = `NaN or infinite numbers mean that ${cause} or the file is damaged; use an earlier checkpoint.`;
  if (broken === filters) return { headline: `All ${filters} ${of} hold ${values}.`, detail: advice };
  return {
    headline: `${broken} of ${filters} ${of} ${broken === 1 ? 'holds' : 'hold'} ${values}.`,
    detail: `${advice} The other ${filters - broken} were judged without ${broken === 1 ? 'it' : 'them'}: ${lowerFirst(detail)}`,
  };
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
function headlineOf(inactive: number, filters: number, layer: string): string {
  const share = inactive / filters;
  if (inactive === 0) return `Every ${layer.replaceAll(' ', '-')} filter is active.`;
  if (share < 0.1) return `Almost all of the ${layer} is active.`;
  if (share < 0.4) return `${inactive} of ${filters} filters ${inactive === 1 ? 'is' : 'are'} inactive.`;
  if (share < 0.5) return `Nearly half of the ${layer} is inactive.`;
  if (share === 0.5) return `Half of the ${layer} is inactive.`;
  return `More than half of the ${layer} is inactive.`;
}

function detailOf(
  inspection: LayerInspection,
  settings: InspectionSettings,
  state: 'nearZero' | 'weak',
  view: 'raw' | 'folded',
  layer: string,
): string {
  const filters = inspection.shape[3];
  const { exactlyZero } = inspection;
  const found = inspection[view];
  const count = found[state].length;
  const folded = view === 'folded' ? ', batch norm folded in,' : '';
  const weakness =
    state === 'nearZero'
      ? `a largest weight${folded} below ${formatNumber(settings.epsilon)}`
      : `a norm${folded} below ${percent(settings.rho)} of ${settings.reference === 'strong' ? "the strong filters'" : 'the largest'}`;
  if (count === 0) return `No filter has ${weakness}.`;
  if (count === exactlyZero.length) {
    return `${count} of ${filters} ${layer.replaceAll(' ', '-')} filters ${count === 1 ? 'is exactly zero. It answers' : 'are exactly zero. They answer'} the same to every image.`;
  }
  const raised = view === 'raw' && inspection.batchNorm !== undefined;
  const meaning =
    state === 'weak'
      ? 'Next to the others they are weak; the batch norm or later layers may still make use of them.'
      : raised
        ? 'Their responses are small, and the batch norm behind them may raise them.'
        : `${count === 1 ? 'It takes' : 'They take'} next to nothing of the image on to later layers.`;
  const zeros =
    exactlyZero.length === 0
      ? ''
      : ` ${exactlyZero.length} of them ${exactlyZero.length === 1 ? 'is' : 'are'} exactly zero.`;
  return `${count} of ${filters} filters (${percent(count / filters)}) ${count === 1 ? 'has' : 'have'} ${weakness}.${zeros} ${meaning}`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
