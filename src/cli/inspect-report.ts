import { formatCount } from '../config/quantity.ts';
import type { AuditTotals, LayerAudit } from '../craft/audit.ts';
import type { ChannelUse } from '../craft/contribution.ts';
import type { LayerInspection } from '../craft/inspection.ts';

/** A layer as `inspect --json` writes it; JSON has no NaN and no infinity, so that such norms are null. */
export function layerReport(inspection: LayerInspection, index: number, use: ChannelUse | undefined) {
  const view = ({ norms, maxAbs, ...rest }: LayerInspection['raw']) => ({
    norms: [...norms],
    maxAbs: [...maxAbs],
    ...rest,
  });
  const { raw, folded } = inspection;
  const used = use === undefined ? {} : usedReport(use);
  return { index, ...inspection, notFinite: raw.notFinite, raw: view(raw), folded: view(folded), ...used };
}

/** Whether the layers behind use each channel, by how much they take of it. */
function usedReport({ unused, contributions, threshold }: ChannelUse) {
  return {
    used: Array.from(unused, (flag) => flag === 0),
    contributions: [...contributions],
    usedAbove: threshold,
  };
}

const NAME_WIDTH = 30;

/** The audit as lines of a table, one a layer, with its sentences of warning below. */
export function auditTable(layers: readonly LayerAudit[], totals: AuditTotals): readonly string[] {
  const row = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(NAME_WIDTH) : cell.padStart(12))).join(' ');
  const counts = (dead: number | undefined, of: number | undefined) =>
    of === undefined ? '?' : `${formatCount(dead ?? 0)} / ${formatCount(of)}`;
  return [
    row(['by depth', 'dead', 'zero', 'unused', 'duplicate', 'weights', 'multiply-adds']),
    ...layers.map((layer, index) =>
      row([
        `${index} ${named(layer)}`,
        `${layer.dead}/${layer.shape[3]}`,
        String(layer.exactlyZero),
        layer.unused === undefined ? '?' : String(layer.unused),
        String(layer.duplicate),
        counts(layer.deadParameters, layer.parameters),
        counts(layer.deadMultiplyAdds, layer.multiplyAdds),
      ]),
    ),
    row([
      'all convolutions',
      `${totals.dead}/${totals.channels}`,
      String(totals.exactlyZero),
      '',
      String(totals.duplicate),
      counts(totals.deadParameters, totals.parameters),
      counts(totals.deadMultiplyAdds, totals.multiplyAdds),
    ]),
    '(weights and multiply-adds: of the dead filters / of all; ? where the graph does not show it)',
    ...layers.flatMap(({ name, misleading }) =>
      misleading === undefined ? [] : [`${printable(name)}: ${misleading}`],
    ),
  ];
}

function named({ name, depthwise }: LayerAudit): string {
  const text = printable(name);
  const room = NAME_WIDTH - (depthwise ? 14 : 4);
  return `${text.length > room ? `${text.slice(0, room - 1)}~` : text}${depthwise ? ' depthwise' : ''}`;
}

/** Names come from the file: nothing in them may steer the terminal. */
export function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
