import { csvLine } from '../../formats/outside-text.ts';
import { kernelImage, largestWeight } from '../../record/kernel-image.ts';
import type { DrawnLayer, LayerReport } from '../../worker/inspection/protocol.ts';
import { fullOf } from './filter-mark.ts';

/** One row a filter, for a spreadsheet. */
export function reportCsv({ inspection }: LayerReport): string {
  const { raw, folded, exactlyZero } = inspection;
  const zero = new Set(exactlyZero);
  const rows = Array.from(raw.norms, (norm, filter) =>
    csvLine([
      filter,
      norm,
      raw.maxAbs[filter],
      raw.states[filter],
      folded.norms[filter],
      folded.maxAbs[filter],
      folded.states[filter],
      zero.has(filter) ? 1 : 0,
    ]),
  );
  return ['filter,norm,max_abs,state,folded_norm,folded_max_abs,folded_state,exactly_zero', ...rows, ''].join('\n');
}

const TILE = 48;
const GAP = 8;
const COLUMNS = 16;

/** The wall as a picture, with the states' marks; undefined where the browser gives no canvas. */
export async function wallPng(report: LayerReport, drawn: DrawnLayer, view: 'raw' | 'folded'): Promise<Blob | null> {
  const { states } = report.inspection[view];
  const columns = Math.min(COLUMNS, states.length);
  const rows = Math.ceil(states.length / columns);
  const canvas = document.createElement('canvas');
  canvas.width = columns * (TILE + GAP) + GAP;
  canvas.height = rows * (TILE + GAP) + GAP;
  const context = canvas.getContext('2d');
  const small = document.createElement('canvas');
  small.width = drawn.size;
  small.height = drawn.size;
  const pattern = small.getContext('2d');
  if (context === null || pattern === null) return null;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  const full = fullOf(drawn);
  for (const [filter, state] of states.entries()) {
    const left = GAP + (filter % columns) * (TILE + GAP);
    const top = GAP + Math.floor(filter / columns) * (TILE + GAP);
    const slice = { kernel: drawn.kernel, filters: states.length, filter };
    pattern.putImageData(kernelImage(slice, drawn.size, full ?? largestWeight(slice)), 0, 0);
    context.globalAlpha = state === 'near-zero' ? 0.18 : state === 'weak' ? 0.6 : 1;
    context.drawImage(small, left, top, TILE, TILE);
    context.globalAlpha = 1;
    context.strokeStyle = state === 'active' ? '#1b2027' : '#8a95a1';
    context.setLineDash(state === 'near-zero' ? [3, 3] : []);
    context.lineWidth = state === 'active' ? 2 : 1;
    const edge = state === 'active' ? 2 : 0;
    context.strokeRect(left - edge, top - edge, TILE + 2 * edge, TILE + 2 * edge);
  }
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
