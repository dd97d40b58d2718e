/** A stop of the tour: the part of the Train screen it shows, and its text. */
export interface TourStop {
  /** The element with this `data-tour`; a stop whose element is not on the page is left out. */
  readonly target: string;
  /** The side of the bubble on a wide page, if there is room. */
  readonly side: 'bottom' | 'bottom-start' | 'left' | 'right-start';
  readonly title: string;
  readonly text: string;
}

const STOPS: readonly TourStop[] = [
  {
    target: 'run',
    side: 'bottom-start',
    title: 'One button, two networks',
    text: 'Train starts both together, on the same faces from the same first weights: one the standard way, one with CRAFT.',
  },
  {
    target: 'standard',
    side: 'bottom',
    title: 'Hatched means inactive',
    text: 'Each tile is a filter of the first layer. Where all its weights are near zero it is hatched. Watch the count while the network trains.',
  },
  {
    target: 'craft',
    side: 'bottom',
    title: 'Orange means brought back',
    text: 'At each check CRAFT gives the inactive filters new weights, drawn from the strong ones. Those have a dark ring.',
  },
  {
    target: 'charts',
    side: 'left',
    title: 'Fewer inactive is not yet better',
    text: 'So the page shows the inactive share next to the accuracy on people the network has never seen.',
  },
  {
    target: 'settings',
    side: 'right-start',
    title: 'Change any setting',
    text: 'Start from a preset, or set things one by one. The small i beside a setting explains it; the Method tab explains the rest.',
  },
];

/** Where the stop's part is on the page now; undefined if it is not shown. */
export function targetOf({ target }: TourStop): HTMLElement | undefined {
  const found = [...document.querySelectorAll<HTMLElement>(`[data-tour="${target}"]`)];
  return found.find((element) => element.getClientRects().length > 0);
}

/** The stops that the page can show now. */
export function shownStops(): readonly TourStop[] {
  return STOPS.filter((stop) => targetOf(stop) !== undefined);
}
