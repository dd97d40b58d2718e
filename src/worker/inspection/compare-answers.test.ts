import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { sameAnswers } from '../../exchange/slim/same-answers.ts';
import { SlimmableModel } from '../../exchange/slim/slim-onnx.ts';
import { drawnModel } from '../../exchange/slim/testing/drawn-models.ts';
import { sampleOnnx } from '../../exchange/testing/model-samples.ts';
import { compareAnswers } from './compare-answers.ts';

const runtime = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
const wasm = () => new Uint8Array(readFileSync(runtime)).buffer;
const files = (bytes: Uint8Array) => ({ bytes, external: new Map<string, Uint8Array>(), range: undefined });

test('a slimmed model answers the same, another model does not', async () => {
  const bytes = drawnModel(3, 9);
  const slim = new SlimmableModel(bytes).slim('all');
  expect(slim.report.channels).toBeGreaterThan(0);
  const faces = { images: new Uint8Array(2 * 9 * 9 * 3).fill(90), size: 9 };
  const found = await compareAnswers(files(bytes), files(slim.bytes), wasm(), async () => faces);
  expect([found.random.images, found.faces?.images]).toEqual([32, 2]);
  expect(sameAnswers(found.random)).toBe(true);
  expect(found.random.scale).toBeGreaterThan(0.01);
  expect(found.milliseconds.every((time) => time > 0)).toBe(true);
  const other = await compareAnswers(files(bytes), files(drawnModel(4, 9)), wasm());
  expect(sameAnswers(other.random)).toBe(false);
});

test('a smaller model that cannot be run beside one that can, and answers that are not finite, are refused', async () => {
  const bytes = drawnModel(3, 9);
  const broken = sampleOnnx({ nodes: [{ name: 'n', operator: 'NoSuchOperator', inputs: ['data'], output: 'b' }] });
  await expect(compareAnswers(files(bytes), files(broken), wasm())).rejects.toThrow(
    'The model can be run, and the smaller one cannot',
  );
  const nan = sampleOnnx({
    nodes: [
      { name: 'f', operator: 'Flatten', inputs: ['data'], output: 'f' },
      { name: 'n', operator: 'Div', inputs: ['f', 'zero'], output: 'b' },
    ],
    tensors: new Map([['zero', { shape: [1], values: Float32Array.of(0) }]]),
    input: { name: 'data', shape: ['N', 3, 8, 8] },
    output: { name: 'b', shape: ['N', 192] },
  });
  await expect(compareAnswers(files(nan), files(nan), wasm())).rejects.toThrow("model's own embeddings are not finite");
});
