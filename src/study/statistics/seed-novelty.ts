import { mean, median } from '../../config/average.ts';
import type { KernelShape } from '../../craft/filter-bank.ts';
import { novelty } from '../../craft/novelty.ts';

/** The first layer of a finished run. */
export interface FinalLayer {
  /** [k, k, channels, filters] */
  readonly kernel: Float32Array;
  readonly shape: KernelShape;
  /** [filters], 1 where inactive. */
  readonly inactive: Uint8Array;
  /** [filters], 1 where the next layer takes next to nothing; missing where that was not read. */
  readonly unused?: Uint8Array;
  /** [filters], how often each was re-activated. */
  readonly reactivated: ArrayLike<number>;
}

/** Which filters of a layer are looked at: all that are active, or those of them that were re-activated. */
export type NoveltyFilters = 'active' | 'reactivated';

/**
 * Novelty by seed t: of the chosen filters of layer t against the active ones of Standard with every other seed s, the
 * median over the filters, averaged over s. With Standard's own layers as `layers` it is the control: how new a pattern
 * is that another seed brings. A seed without such a filter is left out.
 */
export function noveltyBySeed(
  layers: ReadonlyMap<number, FinalLayer>,
  standard: ReadonlyMap<number, FinalLayer>,
  filters: NoveltyFilters = 'active',
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const [seed, layer] of layers) {
    const medians = [...standard].flatMap(([other, against]) => {
      if (other === seed) return [];
      const values = novelty(layer.kernel, layer.shape, against.kernel, against.shape, against.inactive);
      const chosen = [...values].filter((value, f) => !Number.isNaN(value) && isChosen(layer, f, filters));
      return chosen.length === 0 ? [] : [median(chosen)];
    });
    if (medians.length > 0) found.set(seed, mean(medians));
  }
  return found;
}

function isChosen({ inactive, reactivated }: FinalLayer, filter: number, filters: NoveltyFilters): boolean {
  return inactive[filter] === 0 && (filters === 'active' || (reactivated[filter] ?? 0) > 0);
}
