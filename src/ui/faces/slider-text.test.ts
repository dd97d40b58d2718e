import { describe, expect, it } from 'vitest';
import type { SliderDescription, Wording } from '../../faces/synthetic/parameters.ts';
import { sliderText } from './slider-text.ts';

const slider = (min: number, max: number, step: number, wording: Wording): SliderDescription => ({
  ...{ key: 'x', label: 'X', group: 'photo', rest: 0, min, max, step, wording },
});
const pose = slider(-90, 90, 1, { kind: 'amount', unit: '°', below: 'left', zero: 'straight', above: 'right' });
const width = slider(-2, 2, 0.1, { kind: 'scale', words: ['narrow', 'medium', 'wide'] });
const hat = slider(0, 2, 1, { kind: 'names', words: ['none', 'cap', 'scarf'] });
const blur = slider(0, 4, 0.1, { kind: 'amount', unit: ' px', zero: 'none' });

describe('sliderText', () => {
  it.each([
    [pose, 32.4, '32° right'],
    [pose, -60, '60° left'],
    [pose, 0.2, 'straight'],
    [width, -2, 'narrow'],
    [width, 0, 'medium'],
    [width, 2, 'wide'],
    [hat, 1, 'cap'],
    [blur, 0, 'none'],
    [blur, 1.5, '1.5 px'],
  ] as const)('%# describes a value in words', (description, value, text) => {
    expect(sliderText(description, value)).toBe(text);
  });
});
