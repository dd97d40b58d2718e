import { strToU8, zipSync } from 'fflate';
import { CENTRES_NAME } from '../../network/parameters.ts';
import { CRAFT_PY } from '../pytorch/craft.py.ts';
import { FACES_PY } from '../pytorch/faces.py.ts';
import { MODEL_PY } from '../pytorch/model.py.ts';
import { bundleReadme } from '../pytorch/readme.ts';
import { TRAIN_PY } from '../pytorch/train.py.ts';
import { exportSafetensors } from './safetensors.ts';
import { preprocessingOf, type TrainedNetwork } from './trained-network.ts';

/**
 * A network as a zip that trains on in PyTorch: model.py, craft.py, faces.py, train.py, config.json, README.md and
 * model.safetensors.
 * @throws ExportError
 */
export function exportPyTorch(network: TrainedNetwork, version: string): Uint8Array<ArrayBuffer> {
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
    'model.py': strToU8(MODEL_PY),
    'craft.py': strToU8(CRAFT_PY),
    'faces.py': strToU8(FACES_PY),
    'train.py': strToU8(TRAIN_PY),
    'config.json': strToU8(`${JSON.stringify(about, null, 2)}\n`),
    'README.md': strToU8(bundleReadme({ arm, step, body: config.body, size: config.imageSize })),
    'model.safetensors': exportSafetensors(network),
  };
  return new Uint8Array(zipSync(files, { level: 0 }));
}
