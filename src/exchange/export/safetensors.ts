import { writeSafetensors } from '../../formats/safetensors.ts';
import { toPyTorch } from './pytorch-layout.ts';
import { architectureOfNetwork, preprocessingOf, type TrainedNetwork } from './trained-network.ts';

/**
 * A network as .safetensors with PyTorch's names and layouts; config, step, arm and pre-processing are in the metadata.
 * @throws ExportError
 */
export function exportSafetensors(network: TrainedNetwork): Uint8Array<ArrayBuffer> {
  return writeSafetensors(toPyTorch(network.state, architectureOfNetwork(network)), {
    format: 'pt',
    config: JSON.stringify(network.config),
    seed: String(network.config.seed),
    step: String(network.step),
    arm: network.arm,
    preprocessing: JSON.stringify(preprocessingOf(network.config)),
  });
}
