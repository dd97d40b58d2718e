import { axesPoints, axesText } from './axes.ts';
import { type Cell, cellsOf } from './cells.ts';
import type { StudyPlan } from './plan.ts';
import type { PairedStatistics } from './statistics/paired.ts';
import { FEWEST_SEEDS } from './statistics/power.ts';
import { type FinalLayer, type NoveltyFilters, noveltyBySeed } from './statistics/seed-novelty.ts';

/** How new a condition's filters are against Standard of other seeds, beside the control. */
export interface NoveltyRow {
  readonly axes: string;
  readonly condition: string;
  readonly filters: NoveltyFilters;
  /** By seed: the condition against Standard of other seeds, and Standard against Standard. */
  readonly pairs: readonly { readonly seed: number; readonly value: number; readonly control: number }[];
}

/**
 * Whether filters look newer than those of another seed, by the differences to the control: six seeds or more, and an
 * interval above zero. A hint and no claim: seeds share their Standard networks, so that the interval is too narrow.
 */
export function looksNewer({ seeds, interval }: Pick<PairedStatistics, 'seeds' | 'interval'>): boolean {
  return seeds >= FEWEST_SEEDS && interval[0] > 0;
}

/** Of every condition against Standard of the other seeds, at each point of the axes. */
export function noveltyRows(
  plan: StudyPlan,
  layerOf: (cell: Cell) => FinalLayer | undefined,
  filters: readonly NoveltyFilters[] = ['active', 'reactivated'],
): readonly NoveltyRow[] {
  const cells = cellsOf(plan);
  return axesPoints(plan.axes).flatMap((point): readonly NoveltyRow[] => {
    const axes = axesText(point);
    const layersOf = (condition: string) =>
      new Map(
        cells.flatMap((cell): [number, FinalLayer][] => {
          const layer = cell.axes === axes && cell.condition.name === condition ? layerOf(cell) : undefined;
          return layer === undefined ? [] : [[cell.seed, layer]];
        }),
      );
    const standard = layersOf('standard');
    const control = noveltyBySeed(standard, standard);
    return plan.conditions.flatMap(({ name: condition }) => {
      const layers = layersOf(condition);
      return filters.map((chosen) => ({
        axes,
        condition,
        filters: chosen,
        pairs: [...noveltyBySeed(layers, standard, chosen)].flatMap(([seed, value]) => {
          const same = control.get(seed);
          return same === undefined ? [] : [{ seed, value, control: same }];
        }),
      }));
    });
  });
}
