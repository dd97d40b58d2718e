import { CONFIG_KEYS, type ConfigKey } from '../../config/run-config.ts';

/** Where on the page one is: a tab, and on Method the setting that is looked up. */
export interface Place {
  /** Id of a tab; one that there is not shows the first. */
  readonly screen: string;
  readonly entry: ConfigKey | undefined;
}

export const FIRST_PLACE: Place = { screen: 'train', entry: undefined };

const SCREEN = 'screen';
const ENTRY = 'entry';

/** The place an address's query names. The settings behind the # are no part of a place. */
export function placeIn(search: string): Place {
  const query = new URLSearchParams(search);
  const entry = query.get(ENTRY);
  return {
    screen: query.get(SCREEN) ?? FIRST_PLACE.screen,
    entry: CONFIG_KEYS.find((key) => key === entry),
  };
}

/** The query that names `place`; other parameters of `search` stay, and the first place needs none. */
export function searchFor(place: Place, search: string): string {
  const query = new URLSearchParams(search);
  query.delete(SCREEN);
  query.delete(ENTRY);
  if (place.screen !== FIRST_PLACE.screen) query.set(SCREEN, place.screen);
  if (place.entry !== undefined) query.set(ENTRY, place.entry);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
