import { formatFixed, formatNumber } from '../../config/quantity.ts';
import { looksNewer } from '../../study/novelty-rows.ts';
import { readSummary, type StudySummary } from '../../study/summary.ts';
import { benchmarkLabel, chanceText, pointsText } from '../../study/verdict.ts';
import { MEASURED } from './measured-results.ts';

const files = import.meta.glob<unknown>('../../../docs/data/studies/*/summary.json', {
  eager: true,
  import: 'default',
});

/** The studies of this project whose results the repository holds, by name. */
export const STUDIES: readonly StudySummary[] = Object.values(files).map(readSummary);

/** A condition of a study at one point of its axes, as the Method page shows it; texts hold mean and 95 % interval. */
export interface StudyLine {
  readonly axes: string;
  readonly condition: string;
  readonly seeds: number;
  readonly inactive: string;
  readonly unused: string;
  /** Of the primary evaluation. */
  readonly accuracy: string;
  /** To Standard in points; empty of Standard. */
  readonly difference: string;
  /** p, and by Holm where it is corrected. */
  readonly chance: string;
  readonly claimed: boolean;
}

/** The lines of a study's table. */
export function linesOf({ points, conditions, primary, values, comparisons }: StudySummary): readonly StudyLine[] {
  return points.flatMap((axes) =>
    ['standard', ...conditions.map(({ name }) => name)].flatMap((condition): readonly StudyLine[] => {
      const here = values.filter((one) => one.axes === axes && one.condition === condition);
      const accuracy = here.find(({ benchmark }) => benchmark === primary);
      if (accuracy === undefined) return [];
      const share = (measure: 'inactive_share' | 'unused_share') => here.find((one) => one.measure === measure);
      const compared = comparisons.find(
        (one) => one.axes === axes && one.condition === condition && one.benchmark === primary,
      );
      return [
        {
          axes: axes.replaceAll(';', ', '),
          condition,
          seeds: accuracy.seeds,
          inactive: percentText(share('inactive_share')),
          unused: percentText(share('unused_share')),
          accuracy: percentText(accuracy),
          difference: compared === undefined ? '' : differenceOf(compared),
          chance: compared === undefined ? '' : chanceOf(compared),
          claimed: compared?.claimed ?? false,
        },
      ];
    }),
  );
}

/** The runs of a study, in words: "16 seeds, 450 people (cfp96), 2 400 steps, 6 000 held-out pairs". */
export function factsOf({ complete, planned, faces, steps, evaluations, interim }: StudySummary): string {
  const [primary] = evaluations;
  const tested = primary === undefined ? 'pairs' : benchmarkLabel(primary.name);
  return [
    interim ? `${complete} of ${planned} seeds so far` : `${complete} seeds`,
    ...(faces === undefined ? [] : [`${formatNumber(faces.identities)} people (${faces.name})`]),
    ...(steps === undefined ? [] : [`${formatNumber(steps)} steps`]),
    primary?.pairs === undefined ? tested : `${formatNumber(primary.pairs)} ${tested}`,
  ].join(', ');
}

/** How new the first condition's filters are, beside those of the others; undefined where that was not measured. */
export function noveltyOf({ novelty, conditions, points }: StudySummary): string | undefined {
  const [found, ...others] = conditions.flatMap(({ name }) =>
    novelty.filter((one) => one.axes === points[0] && one.condition === name && one.filters === 'active'),
  );
  if (found?.condition !== conditions[0]?.name || found?.difference === undefined || found.interval === undefined) {
    return undefined;
  }
  const text = (value: number) => formatFixed(value, 3);
  const beyond = looksNewer({ seeds: found.seeds, interval: found.interval })
    ? 'a hint in this recipe, not established'
    : 'not shown beyond another seed';
  const numbers = `median novelty ${text(found.mean)} against the control’s ${text(found.control)}, difference ${text(found.difference)} [${found.interval.map(text).join(', ')}]`;
  const beside = others.map(({ condition, mean }) => `${condition} ${text(mean)}`);
  const more = beside.length === 0 ? '' : ` Novelty of the other conditions: ${beside.join(', ')}.`;
  return `New patterns of ${found.condition}: ${beyond}; ${numbers}, ${found.seeds} seeds.${more} The seeds share their Standard networks, so the interval is too narrow.`;
}

/** Inactive and unused shares of CRAFT by the faces that were trained on: of the studies, else of the three seeds. */
export const CRAFT_SHARES: readonly { readonly faces: string; readonly inactive: string; readonly unused: string }[] =
  STUDIES.length === 0
    ? MEASURED.map(({ faces, inactive, unused }) => ({
        faces: faces.toLowerCase().replace('(cfp)', '(CFP)'),
        inactive: inactive.craft.split(' ±')[0] ?? '',
        unused: unused.craft.split(' ±')[0] ?? '',
      }))
    : STUDIES.flatMap((study) => craftShare(study));

function craftShare({ study, points, conditions, values }: StudySummary) {
  const share = (measure: 'inactive_share' | 'unused_share') =>
    values.find((one) => one.axes === points[0] && one.condition === conditions[0]?.name && one.measure === measure)
      ?.mean;
  const [inactive, unused] = [share('inactive_share'), share('unused_share')];
  if (points.length > 1 || inactive === undefined || unused === undefined) return [];
  return [
    {
      faces: `study ${study}`,
      inactive: `${formatFixed(100 * inactive, 1)} %`,
      unused: `${formatFixed(100 * unused, 1)} %`,
    },
  ];
}

function percentText(value: StudySummary['values'][number] | undefined): string {
  if (value === undefined) return '–';
  const text = (share: number) => formatFixed(100 * share, 1);
  const ends = value.interval === undefined ? '' : ` [${value.interval.map(text).join(', ')}]`;
  return `${text(value.mean)} %${ends}`;
}

/** Equal differences have no spread, and so no interval. */
function differenceOf({ mean, deviation, interval }: StudySummary['comparisons'][number]): string {
  const range = deviation === 0 ? 'in every seed' : `[${interval.map(pointsText).join(', ')}]`;
  return `${pointsText(mean)} ${range}`;
}

function chanceOf({ p, holm }: StudySummary['comparisons'][number]): string {
  return holm === undefined ? `${chanceText(p)} (primary)` : `${chanceText(p)}, Holm ${chanceText(holm)}`;
}
