import { conclusionOf } from '../conclusion.ts';
import type { MeasuredRun } from '../measured-run.ts';
import { PAPER, type Shape } from './drawing.ts';

const SIZE = 12;
const LINE = 17;
/** Of a letter of that size, on average; rather too wide than too narrow. */
const LETTER = 6.3;
const ABOVE = 8;
const BELOW = 14;

/** The words under a figure, and how tall they are. */
export interface FigureText {
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** The conclusion of a run that reached its last step, within `width` from (`left`, `top`); nothing before that. */
export function conclusionText(run: MeasuredRun, left: number, top: number, width: number): FigureText {
  const conclusion = run.step < run.totalSteps ? undefined : conclusionOf(run);
  if (conclusion === undefined) return { height: 0, shapes: [] };
  return textBelow(conclusion.sentences.join(' '), left, top, width);
}

/** A text in lines within `width` from (`left`, `top`). */
export function textBelow(words: string, left: number, top: number, width: number): FigureText {
  const lines = wrapped(words, Math.floor(width / LETTER));
  const shapes = lines.map((text, line): Shape => {
    return { kind: 'text', x: left, y: top + ABOVE + (line + 1) * LINE - 4, text, size: SIZE, fill: PAPER.ink };
  });
  return { height: ABOVE + lines.length * LINE + BELOW, shapes };
}

/** Lines of at most so many letters, broken between words. */
function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
