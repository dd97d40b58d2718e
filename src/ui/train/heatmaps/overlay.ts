import type { HistoryEvent } from '../../../record/history-events.ts';

/** Marks over a heatmap. */
export interface OverlayContent {
  readonly order: readonly number[];
  readonly events: readonly HistoryEvent[];
  readonly totalSteps: number;
  /** Filters whose rows are framed. */
  readonly framed: readonly number[];
  /** Step up to which there is data. */
  readonly step: number;
  /** CSS colours. */
  readonly focus: string;
  readonly event: string;
}

/** Draws lines between rows, a triangle for every re-activation, and frames around rows. */
export function paintOverlay(canvas: HTMLCanvasElement, width: number, height: number, content: OverlayContent): void {
  const context = canvas.getContext('2d');
  if (context === null || width === 0) return;
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
  const { order, totalSteps } = content;
  const rowHeight = height / Math.max(1, order.length);
  const rowOf = new Map(order.map((filter, row) => [filter, row]));
  const end = (content.step / totalSteps) * width;

  context.fillStyle = 'rgba(255, 255, 255, 0.28)';
  for (let row = 1; row < order.length; row++) context.fillRect(0, row * rowHeight - 0.25, end, 0.5);

  const half = Math.min(4, rowHeight * 0.42);
  context.fillStyle = content.event;
  context.strokeStyle = '#fff';
  context.lineWidth = 1;
  // One path for all, and one triangle for those that would lie on each other: a long run has thousands.
  const drawn = new Set<string>();
  context.beginPath();
  for (const event of content.events) {
    if (event.type !== 'reactivation') continue;
    const x = (event.step / totalSteps) * width;
    for (const filter of event.filters) {
      const row = rowOf.get(filter) ?? 0;
      const place = `${row} ${Math.round(x / 2)}`;
      if (drawn.has(place)) continue;
      drawn.add(place);
      const y = (row + 0.5) * rowHeight;
      context.moveTo(x - half * 0.6, y - half);
      context.lineTo(x + half, y);
      context.lineTo(x - half * 0.6, y + half);
      context.closePath();
    }
  }
  context.fill();
  context.stroke();

  context.strokeStyle = content.focus;
  context.lineWidth = 2;
  for (const filter of content.framed) {
    const row = rowOf.get(filter);
    if (row !== undefined) context.strokeRect(1, row * rowHeight, Math.max(4, end) - 2, rowHeight);
  }
}
