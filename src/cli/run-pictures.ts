import sharp from 'sharp';
import type { SeenFace } from '../craft/response.ts';
import type { Drawing } from '../record/figures/drawing.ts';
import { drawFigure, zippedFigures } from '../record/figures/figures.ts';
import { runInWords } from '../record/figures/run-in-words.ts';
import { svgText } from '../record/figures/svg-text.ts';
import type { MeasuredRun } from '../record/measured-run.ts';

/** Pixels of a .png to a CSS pixel, as the page saves them. */
const SCALE = 2;

/** The figures that a run's .zip holds when the page saves it, by file name; responses are to `face`. Texts of a .png need a font on the system. */
export async function runPictures(
  run: MeasuredRun,
  engine: Parameters<typeof runInWords>[1],
  face?: SeenFace,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const figure of zippedFigures(run, face)) {
    const drawing = drawFigure(figure, run, runInWords(run.config, engine), { face });
    files.set(`${figure}.png`, await pngOf(drawing));
    files.set(`${figure}.svg`, new TextEncoder().encode(svgText(drawing)));
  }
  return files;
}

/** A drawing as a .png. Its texts need a font on the system. */
export function pngOf(drawing: Drawing): Promise<Uint8Array> {
  return sharp(new TextEncoder().encode(svgText(drawing)))
    .resize({ width: SCALE * drawing.width })
    .png()
    .toBuffer();
}
