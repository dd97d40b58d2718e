/** A comparison of the arms over three seeds, as docs/results.md has it (mean ± deviation, in per cent). */
export interface MeasuredRow {
  readonly faces: string;
  readonly inactive: { readonly standard: string; readonly craft: string };
  readonly accuracy: { readonly standard: string; readonly craft: string };
  readonly difference: string;
  readonly novelty: string;
  readonly control: string;
}

/** The figures of the preset Small; a test holds them to docs/results.md. */
export const MEASURED: readonly MeasuredRow[] = [
  {
    faces: 'Real faces (CFP)',
    inactive: { standard: '75.0 % ± 8.3', craft: '14.6 % ± 9.0' },
    accuracy: { standard: '73.7 % ± 1.7', craft: '73.0 % ± 1.9' },
    difference: '-0.7 % ± 1.1',
    novelty: '26.1 % ± 5.2',
    control: '29.0 % ± 6.9',
  },
  {
    faces: 'Synthetic faces',
    inactive: { standard: '42.7 % ± 6.5', craft: '6.3 % ± 3.1' },
    accuracy: { standard: '96.6 % ± 1.2', craft: '97.2 % ± 1.4' },
    difference: '0.6 % ± 0.4',
    novelty: '12.9 % ± 1.5',
    control: '12.9 % ± 2.2',
  },
];
