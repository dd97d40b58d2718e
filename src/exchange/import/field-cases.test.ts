import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_INSPECTION, inspectLayer } from '../../craft/inspection.ts';
import { verdictOn } from '../../craft/verdict.ts';
import { readModel } from './read-model.ts';

/** Small inputs from public reports; the README of each says the right answer. */
const folder = process.env.FIELD_CASES_DIR ?? '';
const why = folder === '' ? ' (skipped: FIELD_CASES_DIR is not set)' : '';

function files(path: string) {
  const whole = join(folder, path);
  return readdirSync(whole, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map(({ name }) => ({ name, bytes: readFileSync(join(whole, name)) }));
}

async function inspected(given: ReturnType<typeof files>) {
  const model = await readModel(given);
  const first = model.convolutions[model.first] ?? expect.fail('no first layer');
  const found = inspectLayer(first);
  return { model, found, verdict: verdictOn(found, DEFAULT_INSPECTION) };
}

const weightless = (given: ReturnType<typeof files>) => given.filter(({ name }) => !name.endsWith('.data'));

describe.skipIf(folder === '')(`models of the field${why}`, () => {
  it.each([
    ['01-onnx-float16-in-int32-data', 'b1'],
    ['02-onnx-ort-fusedconv', undefined],
    ['03-onnx-qdq-partly-quantised', undefined],
    ['04-onnx-external-data', 'b1'],
    ['08-onnx-constant-floats', undefined],
  ])('%s: the first of its convolutions, with its dead filters', async (path, batchNorm) => {
    const { found, verdict } = await inspected(files(path));
    expect(found.shape).toEqual([3, 3, 3, 16]);
    expect(found.exactlyZero).toEqual([2, 5, 11]);
    expect(found.batchNorm).toBe(batchNorm);
    expect(verdict.headline).not.toContain('Every');
  });

  it('01: weak filters beside the dead ones', async () => {
    const { found } = await inspected(files('01-onnx-float16-in-int32-data'));
    expect(found.raw.weak).toEqual([2, 5, 7, 11, 13]);
  });

  it('04: without its file of weights that file is named', async () => {
    await expect(readModel(weightless(files('04-onnx-external-data')))).rejects.toThrow(
      /another file, "model.onnx.data", which is not here/,
    );
  });

  it.each([
    ['all-nan.pth', /^All 16 first-layer filters hold weights that are not finite/],
    ['one-nan.pth', /^1 of 16 first-layer filters holds weights that are not finite/],
    ['one-inf.pth', /^1 of 16 first-layer filters holds weights that are not finite/],
  ])('26: %s is no verdict on activity', async (name, headline) => {
    const { verdict } = await inspected(files('26-nan-weights').filter((file) => file.name === name));
    expect(verdict.headline).toMatch(headline);
  });

  it.each(['27-model-pack', '27-model-pack/buffalo'])('%s: the face network, by name, and the others', async (path) => {
    const { model, found } = await inspected(files(path));
    expect(model.file).toMatch(/w600k_r50\.onnx$/);
    expect(model.others).toHaveLength(2);
    expect(found.shape).toEqual([3, 3, 3, 16]);
    const detector = model.others.find((name) => name.endsWith('det_10g.onnx')) ?? expect.fail('no detector');
    const other = await readModel(files(path), { file: detector });
    expect([other.file, other.convolutions[0]?.shape[3]]).toEqual([detector, 12]);
  });

  it.each([
    ['lfs-pointer.onnx', /Git LFS pointer/, /git lfs pull/],
    ['quota.onnx', /saved web page/, /download the model itself/],
    ['model.xml', /OpenVINO/, /converted from/],
    ['w600k.param', /ncnn/, /converted from/],
    ['shape_predictor.dat', /dlib/, /net_to_xml/],
    ['nn4.small2.v1.t7', /Torch7/, /torch.save/],
    ['weights.pth.gz', /compressed file/, /Unpack/],
  ])('38: %s is named, with the way to a model that is read', async (name, sentence, hint) => {
    const given = files('38-other-containers').filter((file) => file.name === name);
    const failure = await readModel(given).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'unsupported', message: expect.stringMatching(sentence) });
    expect(failure).toMatchObject({ hint: expect.stringMatching(hint) });
  });

  it.each([
    ['facenet.pb', /TensorFlow graph is damaged/],
    ['model-0000.params', /MXNet .params file cannot be read/],
    ['model.keras', /Keras file cannot be read/],
    ['model.tflite', /TensorFlow Lite model is damaged/],
    ['sphereface.caffemodel', /No 2-D convolution found in "sphereface.caffemodel"/],
  ])('38: %s, of which only the first bytes are there, is named', async (name, sentence) => {
    const given = files('38-other-containers').filter((file) => file.name === name);
    await expect(readModel(given)).rejects.toThrow(sentence);
  });

  it.each(['backbone-and-dense', 'backbone-and-conv-head'])(
    '70: %s: the first layer of the model inside',
    async (path) => {
      const { found } = await inspected(files(`70-tfjs-nested-model/${path}`));
      expect([found.name, found.batchNorm]).toEqual(['conv1', 'bn1']);
      expect(found.shape).toEqual([3, 3, 3, 16]);
    },
  );
});
