/** A comparison of the arms over three seeds, as docs/results.md has it (mean ± deviation, in per cent). */
export interface MeasuredRow {
  readonly faces: string;
  readonly inactive: { readonly standard: string; readonly craft: string };
  /** By the weight that the next layer gives to each. */
  readonly unused: { readonly standard: string; readonly craft: string };
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
    unused: { standard: '80.2 % ± 7.9', craft: '64.6 % ± 10.0' },
    accuracy: { standard: '73.8 % ± 1.3', craft: '74.3 % ± 1.6' },
    difference: '0.4 % ± 0.9',
    novelty: '29.8 % ± 4.1',
    control: '25.1 % ± 7.1',
  },
  {
    faces: 'Synthetic faces',
    inactive: { standard: '42.7 % ± 6.5', craft: '6.3 % ± 3.1' },
    unused: { standard: '51.0 % ± 4.8', craft: '43.8 % ± 13.6' },
    accuracy: { standard: '96.8 % ± 0.5', craft: '96.7 % ± 0.5' },
    difference: '-0.1 % ± 0.1',
    novelty: '15.7 % ± 2.7',
    control: '13.1 % ± 1.8',
  },
];
