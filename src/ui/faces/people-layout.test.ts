import { describe, expect, it } from 'vitest';
import { personAfterKey, visiblePeople } from './people-layout.ts';

describe('the grid of people', () => {
  it('shows only the rows in sight and two around them', () => {
    expect(visiblePeople(4000, 89, 0, 700)).toEqual({ first: 0, end: 60 });
    expect(visiblePeople(4000, 89, 8900, 700)).toEqual({ first: 588, end: 660 });
    expect(visiblePeople(20, 89, 0, 700)).toEqual({ first: 0, end: 20 });
    expect(visiblePeople(8, 89, 8900, 700)).toEqual({ first: 8, end: 8 });
  });

  it('is walked with the arrows, which stop at its edges', () => {
    expect(personAfterKey('ArrowRight', 5, 14)).toBe(6);
    expect(personAfterKey('ArrowRight', 13, 14)).toBe(13);
    expect(personAfterKey('ArrowDown', 2, 14)).toBe(8);
    expect(personAfterKey('ArrowDown', 9, 14)).toBe(9);
    expect(personAfterKey('ArrowUp', 3, 14)).toBe(3);
    expect(personAfterKey('End', 3, 14)).toBe(13);
    expect(personAfterKey('x', 3, 14)).toBeUndefined();
  });
});
