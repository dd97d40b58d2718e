import { expect, test } from 'vitest';
import { exportOnnx } from '../../exchange/export/onnx.ts';
import { exportSafetensors } from '../../exchange/export/safetensors.ts';
import { smallConfig, trainedNetwork } from '../../exchange/testing/trained.ts';
import { KERNEL_NAME } from '../../network/parameters.ts';
import { MeasuredRun } from '../../record/measured-run.ts';
import { shownLayer } from '../../record/shown-layer.ts';
import { openWeights } from './run-files.ts';

const config = smallConfig({ identities: 12, craft: false });
const network = { ...trainedNetwork(config, 10), arm: 'standard' };
const kernel = network.state.get(KERNEL_NAME)?.values ?? expect.fail('no kernel');
// Filter 3 of 8 is dead.
for (let i = 3; i < kernel.length; i += 8) kernel[i] = 0;

const order = (bytes: Uint8Array<ArrayBuffer>) => ({
  files: [{ path: 'net', file: new File([bytes], 'net') }],
  file: 'net',
  arm: 'standard',
});

test('a network opens as a run at step 0 that shows its filters and knows where they are from', async () => {
  const opened = await openWeights(order(exportOnnx(network, { batchNorm: 'kept', version: '0' })));
  expect(opened.kept).toMatchObject({ step: 0, end: 'open', weights: { file: 'net', arm: 'standard', step: 120 } });
  expect(opened.checkpoint.config).toMatchObject({ craft: true, arms: 'both' });
  const run = MeasuredRun.of(opened.checkpoint.config, 0, opened.history);
  expect([run.step, opened.kept.weights?.centres]).toEqual([0, 'seed']);
  for (const arm of ['standard', 'craft'] as const) {
    const layer = shownLayer(run, arm) ?? expect.fail('no layer');
    expect(layer.states.map((state) => state === 'inactive')).toEqual(Array.from({ length: 8 }, (_, f) => f === 3));
    expect([...(layer.view.kernel ?? [])]).toEqual([...kernel]);
  }
  expect(opened.kept.figures.craft?.inactiveShare).toBe(1 / 8);
});

test('of own faces the number of people must be known', async () => {
  const own = { ...network, config: { ...config, faces: 'own' } } as const;
  const onnx = exportOnnx(own, { batchNorm: 'kept', version: '0' });
  await expect(openWeights(order(onnx))).rejects.toThrow('does not say on how many people');
  expect((await openWeights(order(exportSafetensors(own)))).classes).toBe(10);
});
