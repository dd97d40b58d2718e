import { expect, test } from 'vitest';
import { smallConfig, trainedNetwork } from '../testing/trained.ts';
import { exportNetwork } from './export-network.ts';
import { ExportError } from './trained-network.ts';

const BUNDLE = { 'model.py': '', 'craft.py': '', 'faces.py': '', 'train.py': '' };
const OPTIONS = { batchNorm: 'kept', version: 'test', bundle: BUNDLE } as const;

test.each([
  [{ schedule: 'step' }, 'a learning rate that drops'],
  [{ weightDecaySchedule: 'change' }, 'a weight decay that changes'],
  [{ decayBatchNorm: false }, 'batch norm left out of weight decay'],
  [{ dropout: 0.4 }, 'dropout'],
] as const)('a bundle that would train otherwise than the run is refused: %j', (change, what) => {
  const network = trainedNetwork(smallConfig(change));
  const write = () => exportNetwork(network, { ...OPTIONS, format: 'pytorch' });
  expect(write).toThrow(ExportError);
  expect(write).toThrow(`The PyTorch bundle cannot train with ${what} yet.`);
  expect(exportNetwork(network, { ...OPTIONS, format: 'safetensors' }).bytes.length).toBeGreaterThan(1000);
});
