import { expect, test } from 'vitest';
import { FIELD_GROUPS } from '../../config/field.ts';
import { CONFIG_KEYS } from '../../config/run-config.ts';
import { factsOf, settingsOf } from './glossary.ts';

test('every setting has one entry', () => {
  expect(FIELD_GROUPS.flatMap(settingsOf).toSorted()).toEqual([...CONFIG_KEYS].toSorted());
});

test('an entry gives range, unit, default and whether a change applies immediately', () => {
  expect(factsOf('imageSize')).toBe('16 to 112 px · default 32 px');
  expect(factsOf('strongShare')).toBe('10\u00a0% to 100\u00a0% · default 50\u00a0% · applies immediately');
  expect(factsOf('arms')).toBe('Standard / CRAFT / Both · default Both');
  expect(factsOf('flip')).toBe('on by default');
});
