/** A stop of the tour: the part of the Train screen it shows, and its text. */
export interface TourStop {
  /** Selectors, the best first: the first that is on the page is shown; a stop with none of them is left out. */
  readonly targets: readonly [string, ...string[]];
  /** The side of the bubble on a wide page, if there is room. */
  readonly side: 'bottom' | 'bottom-start' | 'left' | 'right-start';
  readonly title: string;
  readonly text: string;
}

const STOPS: readonly TourStop[] = [
  {
    targets: ['[data-tour=run]'],
    side: 'bottom-start',
    title: 'One button, two networks',
    text: 'Train starts both together, on the same faces from the same first weights: one the standard way, one with CRAFT.',
  },
  {
    // Before a run has lost a filter, the legend has the only tile that is hatched.
    targets: [
      '[data-tour=standard]:has([data-testid=filter-tile][data-state=inactive])',
      '[data-tour=legend-inactive]',
    ],
    side: 'bottom',
    title: 'Hatched means inactive',
    text: 'Each tile is a filter of the first layer. Where all its weights are near zero it is hatched, like this. Watch the count while the network trains.',
  },
  {
    targets: [
      '[data-tour=craft]:has([data-testid=filter-tile][data-state=reactivated])',
      ':root:has([data-tour=craft]) [data-tour=legend-reactivated]',
    ],
    side: 'bottom',
    title: 'Orange means brought back',
    text: 'At each check CRAFT gives the inactive filters new weights, drawn from the strong ones. It marks them like this; strong ones have a dark ring.',
  },
  {
    targets: ['[data-tour=charts]'],
    side: 'left',
    title: 'Fewer inactive is not yet better',
    text: 'So the page shows the inactive share next to the accuracy on people the network has never seen.',
  },
  {
    targets: ['[data-tour=settings]'],
    side: 'right-start',
    title: 'Change any setting',
    text: 'Start from a preset, or set things one by one. The small i beside a setting explains it; the Method tab explains the rest.',
  },
];

/** Where the stop's part is on the page now; undefined if it is not shown. */
export function targetOf({ targets }: TourStop): HTMLElement | undefined {
  const found = targets.flatMap((selector) => [...document.querySelectorAll<HTMLElement>(selector)]);
  return found.find((element) => element.getClientRects().length > 0);
}

/** The stops that the page can show now. */
export function shownStops(): readonly TourStop[] {
  return STOPS.filter((stop) => targetOf(stop) !== undefined);
}
