import { expect, test } from 'vitest';
import { FIRST_PLACE, placeIn, searchFor } from './place.ts';

test('a place goes into an address and back, beside the entries of others', () => {
  const place = { screen: 'method', entry: 'weightDecay' } as const;
  const search = searchFor(place, '?utm_source=course&screen=inspect');
  expect(search).toBe('?utm_source=course&screen=method&entry=weightDecay');
  expect(placeIn(search)).toEqual(place);
});

test('the first place needs no words, and an address without one names it', () => {
  expect(searchFor(FIRST_PLACE, '?screen=method&entry=seed')).toBe('');
  expect(placeIn('')).toEqual(FIRST_PLACE);
});

test('an entry that is no setting is none', () => {
  expect(placeIn('?screen=method&entry=constructor')).toEqual({ screen: 'method', entry: undefined });
});
