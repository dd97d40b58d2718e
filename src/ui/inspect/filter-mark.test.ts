import { expect, test } from 'vitest';
import { shortNumber, viewOf } from './filter-mark.ts';

test('a layer without batch norm is looked at raw, after any model before it', () => {
  expect(viewOf({ batchNorm: undefined }, 'folded')).toBe('raw');
  expect(viewOf({ batchNorm: 'bn1' }, 'folded')).toBe('folded');
  expect(viewOf({ batchNorm: 'bn1' }, 'raw')).toBe('raw');
});

test('short numbers have a minus sign, also in the exponent', () => {
  expect([shortNumber(-0.0412), shortNumber(1.6e-6)]).toEqual(['−0.0412', '1.6e−6']);
});
