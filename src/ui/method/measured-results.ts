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
    inactive: { standard: '69.8 % ± 1.8', craft: '16.7 % ± 7.9' },
    accuracy: { standard: '72.4 % ± 2.1', craft: '72.7 % ± 1.4' },
    difference: '0.3 % ± 2.7',
    novelty: '28.6 % ± 1.2',
    control: '25.2 % ± 5.3',
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
