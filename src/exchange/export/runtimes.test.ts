import { io, loadLayersModel, type Tensor, tensor4d } from '@tensorflow/tfjs';
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { ALL_PRESETS, withPreset } from '../../config/presets.ts';
import type { RunConfig } from '../../config/run-config.ts';
import { inspectLayer } from '../../craft/inspection.ts';
import { pythonWith, textFrom } from '../../formats/testing/python.ts';
import { readModel } from '../import/read-model.ts';
import { embeddingsOf, nchw } from '../testing/engine.ts';
import { largestDifference, smallConfig, testImages, trainedNetwork } from '../testing/trained.ts';
import { exportOnnx } from './onnx.ts';
import { exportSafetensors } from './safetensors.ts';
import { exportTfjs } from './tfjs.ts';
import type { TrainedNetwork } from './trained-network.ts';

/** Every preset's own body and first layer, on small images; presets that agree in them are one entry. */
const CONFIGS = new Map<string, RunConfig>(
  ALL_PRESETS.map(({ id }) => {
    const { body, filters, kernelSize } = withPreset(id);
    return [`presets with ${body}, ${filters} filters`, smallConfig({ body, filters, kernelSize })] as const;
  }),
);
// No preset has these.
CONFIGS.set('plain with a 7 × 7 first layer, 21 px', smallConfig({ kernelSize: '7', imageSize: 21 }));
CONFIGS.set('iresnet34', smallConfig({ body: 'iresnet34', imageSize: 16 }));

const python = pythonWith('onnx');

describe.each([...CONFIGS])('%s', (_, config) => {
  const size = config.imageSize;
  const seven = testImages(7, size);
  const one = seven.subarray(0, size * size * 3);
  let trained: TrainedNetwork;
  let expected: Float32Array;
  beforeAll(async () => {
    trained = trainedNetwork(config);
    expected = await embeddingsOf(trained, seven);
    // Numbers next to zero would agree with anything.
    expect(largestDifference(expected, new Float32Array(expected.length))).toBeGreaterThan(0.1);
  });

  it.each(['folded', 'kept'] as const)('ONNX with batch norm %s embeds as the playground does', async (batchNorm) => {
    const session = await InferenceSession.create(exportOnnx(trained, { batchNorm, version: 'test' }));
    for (const [images, count] of [
      [seven, 7],
      [one, 1],
    ] as const) {
      const { embedding } = await session.run({
        data: new OnnxTensor('float32', nchw(images, size), [count, 3, size, size]),
      });
      const values = embedding?.data ?? expect.fail('no embedding');
      if (!(values instanceof Float32Array)) expect.fail('no floats');
      const difference = largestDifference(values, expected.subarray(0, values.length));
      expect(difference).toBeLessThan(1e-4);
      report('ONNX', config, difference);
    }
  });

  it('tf.loadLayersModel embeds as the playground does', async () => {
    const { model: json, weights } = exportTfjs(trained, 'test');
    const { modelTopology, weightsManifest } = JSON.parse(json);
    const model = await loadLayersModel(
      io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData: weights.buffer }),
    );
    const input = tensor4d(seven, [7, size, size, 3]);
    const output = model.predict(input);
    if (Array.isArray(output)) expect.fail('one output expected');
    // `predict` is typed for models with named outputs, too.
    const values = await (output as Tensor).data();
    const difference = largestDifference(values, expected);
    expect(difference).toBeLessThan(1e-5);
    report('TensorFlow.js', config, difference);
    for (const tensor of [input, output]) tensor.dispose();
    model.dispose();
  });

  it('is read back by the inspection with its first layer and batch norm', async () => {
    const kernel = trained.state.get('stem.conv.weight')?.values ?? expect.fail('no kernel');
    const { model, weights } = exportTfjs(trained, 'test');
    const exported = [
      [{ name: 'kept.onnx', bytes: exportOnnx(trained, { batchNorm: 'kept', version: 'test' }) }],
      [{ name: 'model.safetensors', bytes: exportSafetensors(trained) }],
      [
        { name: 'model.json', bytes: new TextEncoder().encode(model) },
        { name: 'weights.bin', bytes: weights },
      ],
    ];
    const reading = exported.map(async (files) => {
      const read = await readModel(files);
      const first = read.convolutions[read.first] ?? expect.fail('no first layer');
      expect(first.kernel).toEqual(kernel);
      return inspectLayer(first);
    });
    const folded = await Promise.all(reading);
    const norms = folded[0]?.folded.norms ?? expect.fail('no norms');
    for (const found of folded) expect(largestDifference(found.folded.norms, norms)).toBeLessThan(1e-6);
    expect(largestDifference(norms, folded[0]?.raw.norms ?? [])).toBeGreaterThan(0.01);
    // Folded into the weights, the raw view of the file is the folded view of the network.
    const worked = await readModel([
      { name: 'folded.onnx', bytes: exportOnnx(trained, { batchNorm: 'folded', version: 'test' }) },
    ]);
    const first = worked.convolutions[worked.first] ?? expect.fail('no first layer');
    expect(largestDifference(inspectLayer(first).raw.norms, norms)).toBeLessThan(1e-5);
  });
});

describe.skipIf(python.command === undefined)(`onnx.checker${python.skipped}`, () => {
  it.each(['folded', 'kept'] as const)('accepts models with batch norm %s, shapes included', (batchNorm) => {
    const script =
      'import onnx,sys\nm=onnx.load_from_string(sys.stdin.buffer.read())\nonnx.checker.check_model(m,full_check=True)\n' +
      'print(m.opset_import[0].version,[d.dim_param or d.dim_value for d in m.graph.input[0].type.tensor_type.shape.dim])';
    const bytes = exportOnnx(trainedNetwork(smallConfig({ body: 'iresnet18' })), { batchNorm, version: 'test' });
    expect(textFrom(python.run(['-c', script], { input: bytes })).trim()).toBe("17 ['N', 3, 20, 20]");
  });
});

/** EXCHANGE_REPORT=1 prints the differences that docs/exchange.md quotes. */
function report(format: string, config: RunConfig, difference: number): void {
  if (process.env.EXCHANGE_REPORT === '1')
    console.log(format, config.body, config.kernelSize, difference.toExponential(1));
}
