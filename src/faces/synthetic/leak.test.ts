import { beforeAll, describe, expect, it } from 'vitest';
import { type Leaks, measureLeaks } from './testing/leaks.ts';

describe.each([1, 2] as const)('nothing but the face identifies the person, version %i', (version) => {
  let leaks: Leaks;

  beforeAll(() => {
    leaks = measureLeaks(9, version === 1 ? 40 : 20, version);
  });

  it('not the backdrop', () => {
    expect(leaks.backdrop).toBeLessThan(leaks.bound);
  });

  it('not brightness, contrast or compression', () => {
    expect(leaks.statistics).toBeLessThan(leaks.bound);
  });

  it('while the pixels of the face do', () => {
    expect(leaks.face).toBeGreaterThan(1.5 * leaks.bound);
  });
});
