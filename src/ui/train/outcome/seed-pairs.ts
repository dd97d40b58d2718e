import { mean } from '../../../config/average.ts';
import { noveltyBySeed } from '../../../study/statistics/seed-novelty.ts';
import type { FinalLayers } from './final-layers.ts';

/** Novelty over ordered pairs (t, s) of different seeds: CRAFT of t, and Standard of t, each against Standard of s. */
export interface SeedPairs {
  /** Ordered pairs. */
  readonly pairs: number;
  /** Seeds t that have a CRAFT arm. */
  readonly seeds: number;
  /** Means over t of the mean median over s; shares 0 to 1. */
  readonly craft: number;
  readonly control: number;
  /** Seeds t in which CRAFT's figure is above the control's. */
  readonly higher: number;
}

/**
 * Of runs that differ in their seed alone; of several runs of one seed the first counts. Like is compared with like: both
 * figures are of the same seeds t against the same Standard arms. Undefined without a pair.
 */
export function seedPairs(runs: readonly FinalLayers[]): SeedPairs | undefined {
  const bySeed = new Map([...runs].reverse().map((run) => [run.config.seed, run]));
  const standard = new Map([...bySeed].map(([seed, { standard: layer }]) => [seed, { ...layer, reactivated: [] }]));
  const craft = new Map(
    [...bySeed].flatMap(([seed, { craft: layer }]) =>
      layer === undefined ? [] : [[seed, { ...layer, reactivated: [] }]],
    ),
  );
  const ofCraft = noveltyBySeed(craft, standard);
  const ofControl = noveltyBySeed(new Map([...standard].filter(([seed]) => craft.has(seed))), standard);
  const both = [...ofCraft].flatMap(([seed, value]) => {
    const control = ofControl.get(seed);
    return control === undefined ? [] : [{ value, control }];
  });
  if (both.length === 0) return undefined;
  return {
    pairs: both.length * (standard.size - 1),
    seeds: both.length,
    craft: mean(both.map(({ value }) => value)),
    control: mean(both.map(({ control }) => control)),
    higher: both.filter(({ value, control }) => value > control).length,
  };
}
