import { strToU8, zipSync } from 'fflate';
import { CENTRES_NAME } from '../../network/parameters.ts';
import { bundleReadme } from '../pytorch/readme.ts';
import { exportSafetensors } from './safetensors.ts';
import { preprocessingOf, type TrainedNetwork } from './trained-network.ts';

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
