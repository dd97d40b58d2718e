import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectLayer } from '../../craft/inspection.ts';
import { readModel } from './read-model.ts';

/** Small inputs from the field; the README beside each gives its right answer. */
const folder = process.env.FIELD_CASES_DIR ?? '';
const why = folder === '' ? ' (skipped: FIELD_CASES_DIR is not set)' : '';

async function inspected(file: string) {
  const model = await readModel([{ name: file, bytes: readFileSync(join(folder, file)) }]);
  const convolution = model.convolutions[model.first] ?? expect.fail('no first layer');
  return { model, name: convolution.name, found: inspectLayer(convolution) };
}

describe.skipIf(folder === '')(`weights by name, as the field keeps them${why}`, () => {
  // Three of sixteen filters are zero in every one of these.
  it.each([
    ['11-lightning-attributedict/adaface.ckpt', 'state_dict.model.conv1.weight', 'state_dict.model.bn1'],
    ['12-multisteplr-counter/model.pth', 'state_dict.module.conv1.weight', 'state_dict.module.bn1'],
    ['14-easydict-config/model.pth', 'state_dict_backbone.conv1.weight', 'state_dict_backbone.bn1'],
    ['15-whole-module/model.pt', 'conv1.weight', 'bn1'],
    ['15-whole-module/arcface_checkpoint.tar', 'conv1.weight', 'bn1'],
    ['15-whole-module/in-dict.pt', 'model.conv1.weight', 'model.bn1'],
    ['15-whole-module/data-parallel.pt', 'module.conv1.weight', 'module.bn1'],
    ['21-training-extras/model.pth', 'state_dict.conv1.weight', 'state_dict.bn1'],
    ['22-quantised-tensor/model.pth', 'conv1.weight', 'bn1'],
    ['23-torchscript/traced.pt', 'conv1.weight', 'bn1'],
    ['24-paddle-pdparams/backbone.2.pdparams', 'conv1.weight', 'bn1'],
    ['24-paddle-pdparams/backbone.4.pdparams', 'conv1.weight', 'bn1'],
    ['30-safetensors-mixed-types/half-conv-float-bn.safetensors', 'conv1.weight', 'bn1'],
    ['30-safetensors-mixed-types/bf16-all.safetensors', 'conv1.weight', 'bn1'],
    ['32-safetensors-new-types/f4.safetensors', 'conv1.weight', 'bn1'],
    ['32-safetensors-new-types/f8e8m0.safetensors', 'conv1.weight', 'bn1'],
    ['34-safetensors-metadata/number.safetensors', 'conv1.weight', 'bn1'],
    ['36-pruned-conv/model.pth', '0.weight', '1'],
    ['37-npz-half/half.npz', 'conv1.weight', 'bn1'],
    ['37-npz-half/big-endian.npz', 'conv1.weight', undefined],
    ['37-npz-half/longname.npz', 'conv1.weight', undefined],
    ['37-npz-half/object.npz', 'conv1.weight', undefined],
    ['38-other-containers/w.npy', 'array', undefined],
  ])('%s: %s, behind it %s', async (file, layer, batchNorm) => {
    const { name, found } = await inspected(file);
    expect([name, found.batchNorm]).toEqual([layer, batchNorm]);
    expect(found.shape).toEqual([3, 3, 3, 16]);
    expect(found.exactlyZero).toEqual([2, 5, 11]);
    if (batchNorm !== undefined) expect(found.folded.norms).not.toEqual(found.raw.norms);
  });

  it('eight-bit numbers of the first convolution are read, though the file has another one before it', async () => {
    const { name, found, model } = await inspected('33-safetensors-f8-conv/model.safetensors');
    expect([name, found.batchNorm, model.convolutions.length]).toEqual(['conv1.weight', 'bn1', 2]);
    // Every number is 0.5.
    for (const norm of found.raw.norms) expect(norm).toBeCloseTo(Math.sqrt(27 / 4), 6);
  });

  it('a pickled .npy: dicts of weights by layer, as TensorFlow orders the axes', async () => {
    const { name, found } = await inspected('38-other-containers/det1.npy');
    expect([name, found.shape]).toEqual(['conv1.weights', [3, 3, 3, 16]]);
    expect(found.exactlyZero).toEqual([2, 5, 11]);
  });
});
