import { expect, test } from 'vitest';
import { sampleOnnx } from '../../exchange/testing/model-samples.ts';
import { writeSafetensors } from '../../formats/safetensors.ts';
import { ModelInspector, modelFailure } from './model-inspector.ts';

const SETTINGS = { epsilon: 0.01, rho: 0.05, reference: 'strong' } as const;

/** A model of two convolutions in PyTorch's layout; half the filters of the second are zero. */
function model() {
  const first = new Float32Array(4 * 3 * 3 * 3).fill(0.5);
  const second = new Float32Array(2 * 4 * 3 * 3).fill(0.5, 36);
  const bytes = writeSafetensors(
    new Map([
      ['conv1.weight', { shape: [4, 3, 3, 3], data: first }],
      ['conv2.weight', { shape: [2, 4, 3, 3], data: second }],
    ]),
    {},
  );
  return [{ path: 'model.safetensors', file: new File([bytes], 'model.safetensors') }];
}

test('a layer is judged in words, and the share of every layer is given', async () => {
  const inspector = new ModelInspector();
  const summary = await inspector.open(model());
  expect(summary.layers.map(({ shape }) => shape[3])).toEqual([4, 2]);
  const report = inspector.inspect(1, SETTINGS, true);
  expect(report?.verdicts.raw.nearZero.detail).toContain('1 of 2 layer filters is exactly zero');
  expect(report?.drawn?.shows).toBe('strength');
  expect([...inspector.shares(SETTINGS)].map(({ raw }) => raw.nearZero)).toEqual([0, 0.5]);
});

test('the verdict on the first layer says where it may be another one', async () => {
  const kernel = (shape: readonly number[]) => ({ shape, data: new Float32Array(4 * 3 * 3 * 3).fill(0.5) });
  const tensors = new Map([
    ['eyes.0.weight', kernel([4, 3, 3, 3])],
    ['main.0.weight', kernel([4, 3, 3, 3])],
  ]);
  const inspector = new ModelInspector();
  await inspector.open([
    { path: 'two.safetensors', file: new File([writeSafetensors(tensors, {})], 'two.safetensors') },
  ]);
  const verdict = (layer: number) => inspector.inspect(layer, SETTINGS, false)?.verdicts.raw.weak;
  expect(verdict(0)?.detail).toMatch(/^No filter has .*\. The first layer may be another one: .*"eyes.0.weight"/);
  expect(verdict(0)?.headline).toBe('Every layer filter is active.');
  expect(verdict(1)?.detail).not.toContain('another one');
});

test('says whether the image passes a filter that was not trained, which responses leave out', async () => {
  const opened = async (nodes?: Parameters<typeof sampleOnnx>[0]) =>
    new ModelInspector().open([{ path: 'a.onnx', file: new File([sampleOnnx(nodes)], 'a.onnx') }]);
  expect(await opened()).toMatchObject({ passes: false });
  const blurred = await opened({
    nodes: [
      { name: 'blur', operator: 'Conv', inputs: ['data', 'blur'], output: 'soft' },
      { name: 'first', operator: 'Conv', inputs: ['soft', 'kernel'], output: 'b' },
    ],
    tensors: new Map([
      ['blur', { shape: [1, 1, 3, 3], values: new Float32Array(9).fill(1 / 9) }],
      ['kernel', { shape: [2, 1, 3, 3], values: Float32Array.from({ length: 18 }, (_, at) => Math.sin(at)) }],
    ]),
  });
  expect([blurred.passes, blurred.layers[blurred.first]?.name]).toEqual([true, 'first']);
});

test('files that are no model leave the open one open', async () => {
  const inspector = new ModelInspector();
  await inspector.open(model());
  const text = [{ path: 'notes.txt', file: new File(['Filters that fade.'], 'notes.txt') }];
  const failure = await inspector.open(text).catch(modelFailure);
  expect(failure).toMatchObject({ code: 'not-a-model', message: 'Could not read "notes.txt" as a model.' });
  expect(inspector.inspect(0, SETTINGS, false)?.inspection.raw.nearZero).toEqual([]);
});

test('a file larger than the memory is refused before it is read', async () => {
  const huge = { size: 2 ** 40, arrayBuffer: () => Promise.reject(new Error('was read')) };
  const file = Object.assign(new File([], 'huge.onnx'), { arrayBuffer: huge.arrayBuffer });
  Object.defineProperty(file, 'size', { value: huge.size });
  const failure = await new ModelInspector().open([{ path: 'huge.onnx', file }]).catch(modelFailure);
  expect(failure).toMatchObject({ code: 'too-large' });
});
