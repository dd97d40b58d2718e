import type { RowId } from '../../worker/verification/protocol.ts';

/** A benchmark as the table names it. */
export interface BenchmarkTitle {
  readonly id: RowId;
  readonly label: string;
  /** The variation between the images of its pairs. */
  readonly line: string;
}

/** The seven benchmarks that papers on face recognition report, in their usual order. */
export const BENCHMARKS: readonly BenchmarkTitle[] = [
  { id: 'lfw', label: 'LFW', line: 'Everyday photos' },
  { id: 'cfp-fp', label: 'CFP-FP', line: 'Front against profile' },
  { id: 'agedb-30', label: 'AgeDB-30', line: 'Thirty years apart' },
  { id: 'calfw', label: 'CALFW', line: 'Same person, other age' },
  { id: 'cplfw', label: 'CPLFW', line: 'Same person, other pose' },
  { id: 'ijb-b', label: 'IJB-B', line: 'Photo sets' },
  { id: 'ijb-c', label: 'IJB-C', line: 'Larger photo sets' },
];

/** Drawn benchmarks that are added to the table on request. */
export const MORE_BENCHMARKS: readonly BenchmarkTitle[] = [
  { id: 'hadrian', label: 'Hadrian', line: 'With and without a beard' },
  { id: 'eclipse', label: 'Eclipse', line: 'Dark against bright' },
];

/** The title of a row; undefined for a file of its own. */
export function titleOf(row: RowId): BenchmarkTitle | undefined {
  return [...BENCHMARKS, ...MORE_BENCHMARKS].find(({ id }) => id === row);
}

/** A row's name: "LFW" is an official file, "Drawn LFW" its analogue; a file that is none of the seven has its own. */
export function labelOf(row: RowId, fileName?: string): string {
  const label = titleOf(row)?.label;
  if (label === undefined) return fileName ?? 'Own pairs';
  return fileName === undefined ? `Drawn ${label}` : label;
}
