import { settingValue } from '../../config/difference.ts';
import { ENGINE_NAMES } from '../../config/engine-names.ts';
import { formatNumber } from '../../config/quantity.ts';
import type { RunConfig } from '../../config/run-config.ts';

/** A run described in a line under a figure: "32 filters, seed 1, weight decay 0.01, batch 32. WebAssembly, SIMD." */
export function runInWords(
  config: RunConfig,
  engine?: { readonly backend: keyof typeof ENGINE_NAMES; readonly adapter: string },
  name?: string,
): string {
  const facts = [
    `${config.filters} filters`,
    `seed ${config.seed}`,
    `weight decay ${formatNumber(config.weightDecay)}`,
    `batch ${config.batchSize}`,
    `strategy ${settingValue('strategy', config)}`,
  ].join(', ');
  const trainedOn = engine === undefined ? '' : ` ${ENGINE_NAMES[engine.backend]}, ${engine.adapter}.`;
  return `${name === undefined ? '' : `${name}: `}${facts}.${trainedOn}`;
}
