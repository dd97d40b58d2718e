import { formatFixed, formatNumber } from '../../config/quantity.ts';
import type { SlimLayers, SlimReport } from './slim-onnx.ts';

/** The removable channels of a model, in sentences, counted from the file: of the first layer, and of all layers. */
export function decisionOf(first: SlimReport, all: SlimReport): readonly string[] {
  if (all.channels === 0) return [`${nothingProved('all')}.`];
  if (first.channels === 0) {
    return [`${nothingProved('first')}; in the whole network ${counted(all.channels, 'channel')}: ${named(all)}.`];
  }
  const whole = `${counted(all.channels, 'channel')}: ${savings(all).join(' and ')}`;
  const filters = counted(first.filters, 'filter');
  const their = first.filters === 1 ? 'its' : 'their';
  const depthwise = first.depthwise === 0 ? '' : ` and ${their} ${counted(first.depthwise, 'depthwise channel')}`;
  const rest = all.channels > first.channels ? `; in the whole network ${whole}` : '';
  return [`${filters}${depthwise} can be removed: ${named(first)}, same answers but for rounding${rest}.`];
}

/** For a plan without channels: that no proof was found, which does not say that none can go. Lacks its full stop. */
export function nothingProved(layers: SlimLayers): string {
  return `No channel${layers === 'first' ? ' of the first layer' : ''} could be proved removable without changing answers`;
}

/** Changes of parameters and, where they are known, of multiply-adds. */
function savings({ before, after }: SlimReport): readonly string[] {
  const parameters = change(before.parameters, after.parameters);
  if (before.multiplyAdds === undefined || after.multiplyAdds === undefined) return [parameters];
  return [parameters, change(before.multiplyAdds, after.multiplyAdds)];
}

function named(report: SlimReport): string {
  const [parameters, multiplyAdds] = savings(report);
  return [`${parameters} parameters`, ...(multiplyAdds === undefined ? [] : [`${multiplyAdds} multiply-adds`])].join(
    ', ',
  );
}

/** "−7.2 %", "−31 %". */
export function change(before: number, after: number): string {
  const percent = before === 0 ? 0 : 100 * (after / before - 1);
  return `${formatFixed(percent, Math.abs(percent) >= 10 ? 0 : 1)} %`;
}

function counted(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}
