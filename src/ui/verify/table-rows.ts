import { formatNumber } from '../../config/quantity.ts';
import { signedPoints } from '../../verification/points.ts';
import { claims, holm } from '../../verification/significance.ts';
import type { BenchmarkResult, RowId, RowSource } from '../../worker/verification/protocol.ts';
import { BENCHMARKS, labelOf, MORE_BENCHMARKS, titleOf } from './benchmarks.ts';

/** A difference in points, with its interval. */
export interface PointsDifference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Whether a difference is claimed, all rows taken together; else the mark is hollow and grey. */
  readonly claimed: boolean;
  /** p by Holm's correction over all rows. */
  readonly chance: number;
}

/** A row of the table in words and numbers. */
export interface TableRow {
  readonly id: RowId;
  readonly label: string;
  readonly line: string;
  readonly source: string;
  readonly fromFile: boolean;
  /** Whether the row, or its file, can be taken away. */
  readonly added: boolean;
  /** Per cent of each network, mean and deviation; empty until the row is filled in. */
  readonly values: readonly { readonly mean: string; readonly deviation: string | undefined }[];
  readonly difference: PointsDifference | undefined;
  readonly result: BenchmarkResult | undefined;
}

/** The rows of the table: the seven benchmarks, the drawn ones that were added, then files that are none of them. */
export function tableRows(
  results: Partial<Record<RowId, BenchmarkResult>>,
  files: Partial<Record<RowId, RowSource>>,
): readonly TableRow[] {
  // A result keeps its source where the file itself is gone with a worker that stopped.
  const measured = Object.entries(results).map(([row, result]) => [row, result?.source]);
  const sources: Partial<Record<RowId, RowSource>> = { ...Object.fromEntries(measured), ...files };
  const ids = rowIds(sources);
  const differences = claimedTogether(ids.map((id) => results[id]?.comparison));
  return ids.map((id, place) => {
    const result = results[id];
    const file = sources[id];
    const fromFile = file?.kind === 'file';
    return {
      id,
      label: labelOf(id, fromFile ? file.name : undefined),
      line: lineOf(titleOf(id)?.line ?? 'Pairs of a file', result),
      source: sourceOf(file, result),
      fromFile,
      added: fromFile || files[id] !== undefined,
      values: (result?.arms ?? []).map(({ headline, deviation }) => ({
        mean: percentOf(headline),
        deviation: deviation === undefined ? undefined : percentOf(deviation),
      })),
      difference: differences[place],
      result,
    };
  });
}

/** The rows there are, in their order. */
export function rowIds(files: Partial<Record<RowId, RowSource>>): readonly RowId[] {
  const own = Object.keys(files).filter((id): id is `file-${number}` => /^file-\d+$/.test(id));
  const more = MORE_BENCHMARKS.map(({ id }) => id).filter((id) => files[id] !== undefined);
  return [
    ...BENCHMARKS.map(({ id }) => id),
    ...more,
    ...own.toSorted((a, b) => a.length - b.length || a.localeCompare(b)),
  ];
}

/** A share in per cent with one decimal, as papers write it. */
export function percentOf(share: number): string {
  return (share * 100).toFixed(1);
}

/** "+0.9 [−0.3, +2.1]" */
export function differenceText({ value, low, high }: PointsDifference): string {
  return `${signedPoints(value)} [${signedPoints(low)}, ${signedPoints(high)}]`;
}

/** "p = 0.031", "p < 0.001" */
export function chanceText(chance: number): string {
  return chance < 0.001 ? 'p < 0.001' : `p = ${chance.toFixed(3)}`;
}

function lineOf(line: string, result: BenchmarkResult | undefined): string {
  return result?.far === undefined ? line : `${line}, TAR at FAR ${result.far}`;
}

function sourceOf(file: RowSource | undefined, result: BenchmarkResult | undefined): string {
  const pairs = result === undefined ? '' : ` · ${formatNumber(result.pairs)} pairs`;
  if (file?.kind !== 'file') return `Drawn faces${pairs}`;
  // The description of the data has the number of pairs already.
  return file.found === undefined ? `${file.name}${pairs}` : `${file.name} · ${file.found}`;
}

/** The differences of all rows in points. A row counts as one of as many comparisons as there are. */
function claimedTogether(
  comparisons: readonly (BenchmarkResult['comparison'] | undefined)[],
): readonly (PointsDifference | undefined)[] {
  const present = comparisons.filter((comparison) => comparison !== undefined);
  const claimed = claims(present);
  const chances = holm(present.map(({ chance }) => chance));
  return comparisons.map((comparison) => {
    if (comparison === undefined) return undefined;
    const place = present.indexOf(comparison);
    const { difference, interval } = comparison;
    return {
      value: difference * 100,
      low: interval[0] * 100,
      high: interval[1] * 100,
      claimed: claimed[place] ?? false,
      chance: chances[place] ?? 1,
    };
  });
}
