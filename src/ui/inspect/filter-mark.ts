import { formatExponential, formatNumber, formatPercent } from '../../config/quantity.ts';
import type { InspectedState, InspectionSettings } from '../../craft/inspection.ts';
import type { FilterState } from '../../record/shown-layer.ts';
import type { DrawnLayer, InspectionState, InspectionView } from '../../worker/inspection/protocol.ts';

/** How a tile shows each state, with the marks of the Train screen's walls. */
export const TILE_STATES: Readonly<Record<InspectedState, FilterState>> = {
  active: 'strong',
  weak: 'weak',
  'near-zero': 'inactive',
  'not-finite': 'inactive',
};

/** How a layer can be looked at: without a batch norm behind it there is nothing to fold in. */
export function viewOf(
  layer: { readonly batchNorm?: string | undefined } | undefined,
  wanted: InspectionView,
): InspectionView {
  return layer?.batchNorm === undefined ? 'raw' : wanted;
}

/** The states in words. */
export const STATE_WORDS: Readonly<Record<InspectedState, string>> = {
  active: 'active',
  weak: 'weak next to the others',
  'near-zero': 'near zero',
  'not-finite': 'not a finite number',
};

/** A weight or a norm in few digits: 0, 1.6e-6, 0.041, 12.3. */
export function shortNumber(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  return Math.abs(value) < 0.001 ? formatExponential(value, 1) : formatNumber(Number(value.toPrecision(3)));
}

/** The weight shown in full: each filter's own largest (undefined), or one for all where only sizes are shown. */
export function fullOf({ kernel, shows }: DrawnLayer): number | undefined {
  return shows === 'strength' ? kernel.reduce((most, weight) => Math.max(most, weight), 0) : undefined;
}

/** Numbers of filters by norm, the largest first, those without a finite norm last. */
export function byNorm(norms: Float32Array): readonly number[] {
  const known = (filter: number) => (Number.isFinite(norms[filter]) ? (norms[filter] ?? 0) : -1);
  return [...norms.keys()].sort((a, b) => known(b) - known(a));
}

/** The rule by which filters count as inactive, in words. */
export function ruleOf({ epsilon, rho, reference }: InspectionSettings, state: InspectionState): string {
  if (state === 'nearZero') return `largest |w| below ${formatNumber(epsilon)}`;
  return `norm below ${formatPercent(rho)} ${reference === 'strong' ? 'of the strong ones' : 'of the largest'}`;
}
