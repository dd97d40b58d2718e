import type { StepTable } from '../../../record/series.ts';
import { writeNormColour } from './norm-colours.ts';

/** The image of a heatmap: a canvas pixel is a screen pixel wide and one filter high; CSS stretches it. */
export interface HeatmapContent {
  readonly norms: StepTable;
  /** Filters from the top row down. */
  readonly order: readonly number[];
  readonly totalSteps: number;
  readonly ceiling: number;
}

/** Draws norms over time; only new columns, unless rows, scale or size have changed. */
export class HeatmapPainter {
  #drawn: (HeatmapContent & { readonly thinnings: number; readonly width: number; readonly end: number }) | undefined;

  /** Brings the canvas up to date. Columns that the run has not reached stay transparent. */
  paint(canvas: HTMLCanvasElement, content: HeatmapContent): void {
    const context = canvas.getContext('2d');
    const { norms, order, totalSteps } = content;
    if (context === null || norms.length === 0 || canvas.width === 0) return;
    const end = columnOf(norms.at()?.step ?? 0, totalSteps, canvas.width);
    const from = this.#firstStale(content, canvas.width);
    if (from === 0) context.clearRect(0, 0, canvas.width, canvas.height);
    if (end >= from) {
      const strip = new ImageData(end - from + 1, order.length);
      paintStrip(strip, from, canvas.width, content);
      context.putImageData(strip, from, 0);
    }
    this.#drawn = { ...content, thinnings: norms.thinnings, width: canvas.width, end };
  }

  #firstStale({ norms, order, totalSteps, ceiling }: HeatmapContent, width: number): number {
    const drawn = this.#drawn;
    const same =
      drawn !== undefined &&
      drawn.norms === norms &&
      drawn.order === order &&
      drawn.totalSteps === totalSteps &&
      drawn.ceiling === ceiling &&
      drawn.width === width &&
      drawn.thinnings === norms.thinnings;
    // The last column drawn may have shown a tick that has been replaced since.
    return same ? Math.max(0, drawn.end - 1) : 0;
  }
}

function columnOf(step: number, totalSteps: number, width: number): number {
  return Math.min(width - 1, Math.floor((step / totalSteps) * width));
}

function paintStrip(strip: ImageData, from: number, width: number, content: HeatmapContent): void {
  const { norms, order, totalSteps, ceiling } = content;
  for (let x = 0; x < strip.width; x++) {
    const step = ((from + x + 1) / width) * totalSteps;
    const row = norms.row(Math.max(0, norms.indexAt(step)));
    for (let y = 0; y < order.length; y++) {
      writeNormColour(row[order[y] ?? 0] ?? 0, ceiling, strip.data, (y * strip.width + x) * 4);
    }
  }
}
