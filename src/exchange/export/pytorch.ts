import { strToU8, zipSync } from 'fflate';
import type { RunConfig } from '../../config/run-config.ts';
import { CENTRES_NAME } from '../../network/parameters.ts';
import { bundleReadme } from '../pytorch/readme.ts';
import { exportSafetensors } from './safetensors.ts';
import { ExportError, preprocessingOf, type TrainedNetwork } from './trained-network.ts';

/** The Python files of a bundle, as they lie in src/exchange/pytorch/bundle/. */
export const BUNDLE_FILES = ['model.py', 'craft.py', 'faces.py', 'train.py'] as const;

/** Their text. The page has it built in, Node reads it from disk. */
export type BundleSources = Readonly<Record<(typeof BUNDLE_FILES)[number], string>>;

/**
 * A network as a zip that trains on in PyTorch: the Python files, config.json, README.md and model.safetensors.
 * @throws ExportError
 */
export function exportPyTorch(
  network: TrainedNetwork,
  version: string,
  sources: BundleSources,
): Uint8Array<ArrayBuffer> {
  const { config, step, arm } = network;
  const unknown = unknownToBundle(config);
  if (unknown.length > 0) {
    throw new ExportError(
      `The PyTorch bundle cannot train with ${unknown.join(' and ')} yet.`,
      'Choose safetensors or ONNX: they hold the same weights.',
    );
  }
  const about = {
    generatedBy: `CRAFT Playground ${version}`,
    arm,
    step,
    classes: network.state.get(CENTRES_NAME)?.shape[0] ?? 0,
    preprocessing: preprocessingOf(config),
    config,
  };
  const files = {
    ...Object.fromEntries(BUNDLE_FILES.map((name) => [name, strToU8(sources[name])])),
    'config.json': strToU8(`${JSON.stringify(about, null, 2)}\n`),
    'README.md': strToU8(bundleReadme({ arm, step, body: config.body, size: config.imageSize })),
    'model.safetensors': exportSafetensors(network),
  };
  return new Uint8Array(zipSync(files, { level: 0 }));
}

/** Settings of a recipe that train.py does not know: trained on there, the run would quietly become another. */
function unknownToBundle(config: RunConfig): readonly string[] {
  return [
    ...(config.schedule === 'step' ? ['a learning rate that drops'] : []),
    ...(config.weightDecaySchedule === 'constant' ? [] : ['a weight decay that changes']),
    ...(config.decayBatchNorm ? [] : ['batch norm left out of weight decay']),
    ...(config.dropout === 0 ? [] : ['dropout']),
  ];
}
