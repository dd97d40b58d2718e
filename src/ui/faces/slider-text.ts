import type { SliderDescription } from '../../faces/synthetic/parameters.ts';

/** A slider's value in words: "32° right", "none", "3 of 9". */
export function sliderText({ min, max, step, wording }: SliderDescription, value: number): string {
  switch (wording.kind) {
    case 'names':
      return wording.words[Math.round(value - min)] ?? '';
    case 'scale': {
      const part = Math.floor(((value - min) / (max - min)) * wording.words.length);
      return wording.words[Math.min(Math.max(0, part), wording.words.length - 1)] ?? '';
    }
    case 'amount': {
      const digits = step < 1 ? 1 : 0;
      const amount = `${Math.abs(value).toFixed(digits)}${wording.unit}`;
      if (Math.abs(value) < step / 2) return wording.zero ?? amount;
      const side = value < 0 ? wording.below : wording.above;
      return side === undefined ? amount : `${amount} ${side}`;
    }
  }
}
