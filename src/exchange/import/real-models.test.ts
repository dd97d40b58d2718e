import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { inspectLayer } from '../../craft/inspection.ts';
import { verdictOn } from '../../craft/verdict.ts';
import { readModel } from './read-model.ts';

/** Trained face networks; the README beside them lists the right answer for each. */
const folder = process.env.REAL_MODELS_DIR ?? '';
const why = folder === '' ? ' (skipped: REAL_MODELS_DIR is not set)' : '';

const filesOf = (...names: readonly string[]) =>
  names.map((name) => ({ name: basename(name), bytes: readFileSync(join(folder, name)) }));

const LARGEST = { epsilon: 0.01, rho: 0.05, reference: 'largest' } as const;

async function firstOf(...names: readonly string[]) {
  const model = await readModel(filesOf(...names));
  const convolution = model.convolutions[model.first] ?? expect.fail('no first layer');
  return { model, convolution, found: inspectLayer(convolution, LARGEST) };
}

describe.skipIf(folder === '')(`trained models${why}`, () => {
  it('fr_feature.onnx: 31 of 64 filters are exactly zero', async () => {
    const { model, convolution, found } = await firstOf('faceplugin/fr_feature.onnx');
    expect(model).toMatchObject({ format: 'onnx', order: 'graph', first: 0 });
    expect(convolution.shape).toEqual([3, 3, 3, 64]);
    const zero = [
      0, 1, 4, 7, 10, 11, 12, 16, 17, 19, 20, 24, 27, 28, 29, 30, 32, 34, 37, 39, 41, 42, 43, 44, 47, 50, 54, 56, 59,
      60, 62,
    ];
    expect(found.exactlyZero).toEqual(zero);
    expect(found.raw.nearZero).toEqual(zero);
    expect(verdictOn(found, LARGEST).detail).toContain('31 of 64 first-layer filters are exactly zero.');
  });

  it('mobilefacenet as a TensorFlow.js graph model: none near zero, 4 weak', async () => {
    const { model, convolution, found } = await firstOf(
      'mobilefacenet-tfjs/mobilefacenet.json',
      'mobilefacenet-tfjs/mobilefacenet.bin',
    );
    expect(model).toMatchObject({ format: 'tfjs-graph', order: 'graph' });
    expect(convolution.shape).toEqual([3, 3, 3, 64]);
    expect(found.raw.nearZero).toEqual([]);
    expect(found.raw.weak).toEqual([1, 38, 49, 50]);
  });

  it('face-api recognition, quantised weights without topology: none inactive', async () => {
    const { model, convolution, found } = await firstOf(
      'face-api/face_recognition_model-weights_manifest.json',
      'face-api/face_recognition_model.bin',
    );
    expect(model.format).toBe('tfjs-weights');
    expect(convolution.shape).toEqual([7, 7, 3, 32]);
    for (const view of [found.raw, found.folded]) expect([view.nearZero, view.weak]).toEqual([[], []]);
  });

  it('the same in a zip, and without its weights a sentence', async () => {
    const files = filesOf(
      'face-api/tiny_face_detector_model-weights_manifest.json',
      'face-api/tiny_face_detector_model.bin',
    );
    const zip = zipSync(Object.fromEntries(files.map(({ name, bytes }) => [`models/${name}`, new Uint8Array(bytes)])));
    const model = await readModel([{ name: 'detector.zip', bytes: zip }]);
    expect(model.convolutions[model.first]?.shape).toEqual([3, 3, 3, 16]);
    await expect(readModel(files.slice(0, 1))).rejects.toThrow(/"tiny_face_detector_model.bin", which is not there/);
  });

  it('068.ckpt, an old PyTorch pickle: none inactive raw, 22 weak with batch norm folded in', async () => {
    const { model, convolution, found } = await firstOf('mobilefacenet-pytorch/068.ckpt');
    expect(model.format).toBe('pytorch');
    expect(convolution.shape).toEqual([3, 3, 3, 64]);
    expect(found.batchNorm).toBe('net_state_dict.conv1.bn');
    expect([found.raw.nearZero, found.raw.weak]).toEqual([[], []]);
    expect(found.folded.weak).toHaveLength(22);
    // The outlier alone is why: next to the strong filters only two are weak.
    expect(inspectLayer(convolution).folded.weak).toEqual([24, 59]);
  });

  it('says so where a file is cut off', async () => {
    for (const [name, part] of [
      ['faceplugin/fr_feature.onnx', 0.5],
      ['mobilefacenet-pytorch/068.ckpt', 0.9],
    ] as const) {
      const [file] = filesOf(name);
      const bytes = file?.bytes.subarray(0, file.bytes.length * part) ?? expect.fail('no file');
      await expect(readModel([{ name, bytes }])).rejects.toThrow(expect.objectContaining({ code: 'truncated' }));
    }
  });
});
