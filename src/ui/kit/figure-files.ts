import type { RunRecord } from '../../client/run-record.ts';
import type { SeenFace } from '../../craft/response.ts';
import type { Drawing } from '../../record/figures/drawing.ts';
import { drawFigure, zippedFigures } from '../../record/figures/figures.ts';
import { svgText } from '../../record/figures/svg-text.ts';
import { pngFile } from './png-file.ts';

export async function figureFile(drawing: Drawing, kind: 'png' | 'svg'): Promise<Blob> {
  return kind === 'png' ? pngFile(drawing) : new Blob([svgText(drawing)], { type: 'image/svg+xml' });
}

/** The figures of a run at its current step, as PNG and SVG, by the names they have in its .zip; responses are to `face`. */
export async function figureFiles(
  run: RunRecord,
  name: string,
  face?: SeenFace,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  // Drawn synchronously, before the next step changes the run.
  const drawings = zippedFigures(run, face).map((figure) => [figure, drawFigure(figure, run, name, { face })] as const);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [figure, drawing] of drawings) {
    for (const kind of ['png', 'svg'] as const) {
      const file = await figureFile(drawing, kind);
      files.set(`${figure}.${kind}`, new Uint8Array(await file.arrayBuffer()));
    }
  }
  return files;
}
