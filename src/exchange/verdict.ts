import type { InspectionSettings, LayerInspection } from './inspection.ts';

/** What an inspection found, in words. */
export interface Verdict {
  readonly headline: string;
  readonly detail: string;
}

/**
 * The verdict on a layer by one of the two states, raw or folded. `layer` is what it is called: "first layer".
 */
export function verdictOn(
  inspection: LayerInspection,
  settings: InspectionSettings,
  options: { readonly state?: 'nearZero' | 'weak'; readonly view?: 'raw' | 'folded'; readonly layer?: string } = {},
): Verdict {
  const { state = 'nearZero', view = 'raw', layer = 'first layer' } = options;
  const filters = inspection.shape[3];
  const inactive = inspection[view][state].length;
  return {
    headline: headlineOf(inactive, filters, layer),
    detail: detailOf(inspection, settings, state, view, layer),
  };
}

function headlineOf(inactive: number, filters: number, layer: string): string {
  const share = inactive / filters;
  if (inactive === 0) return `Every ${layer.replaceAll(' ', '-')} filter is active.`;
  if (share < 0.1) return `Almost all of the ${layer} is active.`;
  if (share < 0.4) return `${inactive} of ${filters} filters are inactive.`;
  if (share < 0.55) return `Nearly half of the ${layer} is inactive.`;
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
  const what =
    state === 'nearZero'
      ? `a largest weight${folded} below ${settings.epsilon}`
      : `a norm${folded} below ${percent(settings.rho)} of ${settings.reference === 'strong' ? "the strong filters'" : 'the largest'}`;
  if (count === 0) return `No filter has ${what}.`;
  if (count === exactlyZero.length) {
    return `${count} of ${filters} ${layer.replaceAll(' ', '-')} filters ${count === 1 ? 'is' : 'are'} exactly zero. They pass nothing on to later layers.`;
  }
  const zeros =
    exactlyZero.length === 0
      ? ''
      : ` ${exactlyZero.length} of them ${exactlyZero.length === 1 ? 'is' : 'are'} exactly zero.`;
  return (
    `${count} of ${filters} filters (${percent(count / filters)}) ${count === 1 ? 'has' : 'have'} ${what}.${zeros}` +
    (state === 'nearZero'
      ? ' They pass next to nothing on to later layers.'
      : ' Next to the others they are weak; the batch norm or later layers may still make use of them.')
  );
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
