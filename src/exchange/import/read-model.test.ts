import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { inspectLayer } from '../../craft/inspection.ts';
import { bytesOf, u32 } from '../../formats/testing/pickles.ts';
import { MODEL_SAMPLES, SAMPLE_KERNEL, sampleOnnx } from '../testing/model-samples.ts';
import { ModelFiles } from './model-files.ts';
import { fromOihw } from './model-tensors.ts';
import { readModel } from './read-model.ts';

const read = (bytes: Uint8Array, name = 'file') => readModel([{ name, bytes }]);

describe.each(Object.entries(MODEL_SAMPLES))('%s', (_, bytes) => {
  it('is recognised by its content, with the batch norm that follows', async () => {
    const { convolutions, first } = await read(bytes, 'wrong-ending.txt');
    expect(convolutions).toHaveLength(1);
    const convolution = convolutions[first] ?? expect.fail('no first layer');
    expect(convolution.shape).toEqual([3, 3, 1, 2]);
    const kernel = fromOihw(SAMPLE_KERNEL, [3, 3, 1, 2]);
    convolution.kernel.forEach((value, i) => {
      expect(value).toBeCloseTo(kernel[i] ?? Number.NaN, 6);
    });
    const { raw, folded } = inspectLayer(convolution);
    expect(folded.norms[1]).toBeCloseTo((raw.norms[1] ?? 0) / 2, 3);
  });
});

/** A header of this text, padded by nothing, before the data. */
function safetensors(header: string, data: number): Uint8Array {
  const text = strToU8(header);
  return bytesOf(u32(text.length), u32(0), text, new Uint8Array(data));
}

const conv = (inputs: readonly string[], output: string) => ({ name: output, operator: 'Conv', inputs, output });
/** torch.load would run os.system('x'). */
const CALL = bytesOf(0x80, 2, 'cos\nsystem\n', 'X', u32(1), 'x', 0x85, 'R.');
const LEGACY = MODEL_SAMPLES['PyTorch, old'] ?? new Uint8Array(0);

describe('safetensors are read', () => {
  const tensor = '{"conv1.weight":{"dtype":"F32","shape":[2,3,1,1],"data_offsets":[0,24]}';
  // A pickle, MXNet, gzip, joblib and a JPEG begin with such bytes.
  const marks = [1, 2, 3, 4, 5].flatMap((version) =>
    [0, 1, 0x28, 0x7d].map((third) => 0x80 + 256 * version + 65536 * third),
  );
  it.each([...marks, 0x112, 0x8b1f, 0x465a, 0xffd8ff])('with a header of %d bytes', async (length) => {
    const header = `${tensor}${' '.repeat(length - tensor.length - 1)}}`;
    const { convolutions, format } = await read(safetensors(header, 24), 'model.safetensors');
    expect([format, convolutions[0]?.name]).toEqual(['safetensors', 'conv1.weight']);
  });
});

describe('bad files get a sentence', () => {
  it.each<[string, Uint8Array, string, RegExp]>([
    ['nothing', new Uint8Array(0), 'empty-file', /is empty/],
    ['a text', strToU8('hello, this is no model'), 'not-a-model', /Could not read .* as a model/],
    ['an image', bytesOf(0xff, 0xd8, 0xff, 0xe0), 'not-a-model', /as a model\. Found: an image\./],
    ['a Git LFS pointer', strToU8('version https://git-lfs.github.com/spec/v1\n'), 'unsupported', /Git LFS pointer/],
    [
      'a header that promises 2^60 bytes',
      bytesOf(u32(0), u32(2 ** 28), '{"a":{}}', new Uint8Array(50)),
      'wrong-format',
      /no .safetensors file/,
    ],
    [
      'a tensor that promises 2^60 bytes',
      safetensors(`{"a":{"dtype":"F32","shape":[1073741824,268435456],"data_offsets":[0,1152921504606846976]}}`, 8),
      'inconsistent',
      /not a type, a shape and two offsets/,
    ],
    [
      'overlapping offsets',
      safetensors(
        '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}',
        12,
      ),
      'inconsistent',
      /"b" overlaps another tensor/,
    ],
    [
      'a graph that feeds itself',
      sampleOnnx({ nodes: [conv(['b', 'kernel'], 'a'), conv(['a', 'kernel'], 'b')] }),
      'inconsistent',
      /feeds itself at "a"/,
    ],
    ['an unknown opset', sampleOnnx({ opset: 99 }), 'unsupported', /Operator set 99 is not known/],
    ['a graph without convolution', sampleOnnx({ nodes: [] }), 'no-convolution', /No 2-D convolution found/],
    [
      'a quantised graph',
      sampleOnnx({ nodes: [{ name: 'q', operator: 'QLinearConv', inputs: ['data', 'kernel'], output: 'b' }] }),
      'unreadable-entrance',
      /first convolution, "q" \(QLinearConv\), cannot be read/,
    ],
    [
      'one weight named by many layers',
      sampleOnnx({
        nodes: Array.from({ length: 2000 }, (_, i) => conv(['data', 'kernel'], `c${i}`)),
        tensors: new Map([['kernel', { shape: [100, 100, 3, 3], values: new Float32Array(90_000) }]]),
      }),
      'too-large',
      /take too much memory/,
    ],
    ['a pickle that calls something', CALL, 'forbidden', /asks for "os.system".*nothing of it was run/],
    [
      'an old checkpoint that calls something',
      bytesOf(
        LEGACY.subarray(0, 15),
        0x80,
        2,
        'M',
        0xe9,
        3,
        '.',
        0x80,
        2,
        '}X',
        u32(13),
        'little_endian',
        0x88,
        's.',
        CALL,
      ),
      'forbidden',
      /os.system/,
    ],
    ['a zip with such a pickle', zipSync({ 'archive/data.pkl': CALL }), 'forbidden', /os.system/],
    ['a zip in a zip', zipSync({ 'a.zip': zipSync({ 'b.txt': strToU8('b') }) }), 'unsupported', /zip within a zip/],
    [
      'a zip of other things',
      zipSync({ 'a.txt': strToU8('a'), 'b.txt': strToU8('b') }),
      'not-a-model',
      /any of the 2 files/,
    ],
    [
      'a zip that claims more than it holds',
      claiming(zipSync({ 'a/data.pkl': new Uint8Array(1000) }), 1000, 2 ** 31 - 1),
      'inconsistent',
      /claims 2147483647 bytes/,
    ],
  ])('%s', async (_, bytes, code, sentence) => {
    await expect(read(bytes)).rejects.toThrow(sentence);
    await expect(read(bytes)).rejects.toThrow(expect.objectContaining({ name: 'ModelProblem', code }));
  });
});

describe('which layer is the first', () => {
  it('is by the graph the one nothing is convolved before, at any place in the file', async () => {
    const { convolutions, first } = await read(
      sampleOnnx({
        nodes: [conv(['a', 'second'], 'b'), conv(['data', 'kernel'], 'a')],
        tensors: new Map([
          ['second', { shape: [1, 2, 5, 5], values: new Float32Array(50) }],
          ['kernel', { shape: [2, 1, 3, 3], values: SAMPLE_KERNEL }],
        ]),
      }),
    );
    expect(convolutions.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(first).toBe(0);
  });

  it('reads the model of a path or a name, and lists the models where there is none of it', async () => {
    const files = ['pack/a.onnx', 'pack/b.onnx', 'other/b.onnx', 'notes.txt'].map((name) => ({
      name,
      bytes: name.endsWith('.onnx') ? sampleOnnx() : strToU8('notes'),
    }));
    expect((await readModel(files, { file: 'pack/b.onnx' })).file).toBe('pack/b.onnx');
    expect((await readModel(files, { file: 'a.onnx' })).file).toBe('pack/a.onnx');
    const hint = 'The models are "pack/a.onnx", "pack/b.onnx", "other/b.onnx".';
    const wrong = (file: string) => expect(readModel(files, { file })).rejects;
    await wrong('c.onnx').toMatchObject({ message: 'There is no model "c.onnx" in these files.', hint });
    await wrong('b.onnx').toMatchObject({ message: 'There are 2 models "b.onnx" in these files.', hint });
    await wrong('notes.txt').toThrow('Could not read any of the 4 files as a model.');
  });

  it('names the channels that the next layer does not use, through layers that keep them apart', async () => {
    const second = new Float32Array(2 * 2 * 9).fill(0.5);
    // Nothing of channel 0 is taken.
    for (let filter = 0; filter < 2; filter++) second.fill(0, filter * 18, filter * 18 + 9);
    const tensors = new Map([
      ['kernel', { shape: [2, 1, 3, 3], values: SAMPLE_KERNEL }],
      ['second', { shape: [2, 2, 3, 3], values: second }],
    ]);
    const step = (operator: string, input: string, output: string) => ({
      name: output,
      operator,
      inputs: [input],
      output,
    });
    const model = await read(
      sampleOnnx({
        nodes: [conv(['data', 'kernel'], 'a'), step('Relu', 'a', 'r'), conv(['r', 'second'], 'c')],
        tensors,
      }),
    );
    expect([...(model.uses?.[model.first]?.unused ?? [])]).toEqual([1, 0]);
    const reshaped = sampleOnnx({
      nodes: [conv(['data', 'kernel'], 'a'), step('Flatten', 'a', 'r'), conv(['r', 'second'], 'c')],
      tensors,
    });
    expect((await read(reshaped)).uses?.[0]).toBeUndefined();
  });

  it('follows weights that PyTorch names twice', async () => {
    const identity = { name: 'same', operator: 'Identity', inputs: ['kernel'], output: 'copy' };
    const { convolutions } = await read(sampleOnnx({ nodes: [identity, conv(['data', 'copy'], 'a')] }));
    expect(convolutions[0]?.shape).toEqual([3, 3, 1, 2]);
  });
});

/** A zip with one size in its directory replaced by another. */
function claiming(zip: Uint8Array, from: number, to: number): Uint8Array {
  const copy = new Uint8Array(zip);
  const view = new DataView(copy.buffer);
  for (let at = 0; at + 4 <= copy.length; at++) if (view.getUint32(at, true) === from) view.setUint32(at, to, true);
  return copy;
}

it('takes a row of pixels for an image as well as a mask beside it', async () => {
  const bytes = sampleOnnx({
    nodes: [
      { name: 'mask', operator: 'Conv', inputs: ['mask_in', 'mask_kernel'], output: 'm' },
      { name: 'picture', operator: 'Reshape', inputs: ['data', 'sizes'], output: 'image' },
      { name: 'first', operator: 'Conv', inputs: ['image', 'colours'], output: 'a' },
      { name: 'sum', operator: 'Add', inputs: ['a', 'm'], output: 'b' },
    ],
    tensors: new Map([
      ['mask_kernel', { shape: [2, 1, 3, 3], values: SAMPLE_KERNEL }],
      ['colours', { shape: [2, 3, 3, 3], values: new Float32Array(54).fill(1) }],
    ]),
    input: [
      { name: 'data', shape: ['N', 192] },
      { name: 'mask_in', shape: ['N', 1, 8, 8] },
    ],
  });
  const { convolutions, first, alsoFirst } = await read(bytes);
  expect([convolutions[first]?.name, alsoFirst]).toEqual(['first', ['mask']]);
});

it('finds the batch norm behind a Cast', async () => {
  const bytes = sampleOnnx({
    nodes: [
      { name: 'first', operator: 'Conv', inputs: ['data', 'kernel'], output: 'a' },
      { name: 'cast', operator: 'Cast', inputs: ['a'], output: 'c', attributes: { to: 1 } },
      { name: 'norm', operator: 'BatchNormalization', inputs: ['c', 'gamma', 'gamma', 'gamma', 'gamma'], output: 'b' },
    ],
  });
  const { convolutions } = await read(bytes);
  expect(convolutions[0]?.batchNorm).toMatchObject({ name: 'norm', gamma: Float32Array.of(1, 1) });
});

it('judges a 1 × 1 convolution with a filter of zeros, which is no change of colours', async () => {
  const first = async (values: Float32Array) => {
    const { convolutions, first: at } = await read(
      sampleOnnx({
        nodes: [
          { name: 'colours', operator: 'Conv', inputs: ['data', 'mix'], output: 'c' },
          { name: 'stem', operator: 'Conv', inputs: ['c', 'kernel'], output: 'b' },
        ],
        tensors: new Map([
          ['mix', { shape: [3, 3, 1, 1], values }],
          ['kernel', { shape: [2, 3, 3, 3], values: new Float32Array(54).fill(1) }],
        ]),
        input: { name: 'data', shape: ['N', 3, 8, 8] },
      }),
    );
    return convolutions[at]?.name;
  };
  expect(await first(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9))).toBe('stem');
  expect(await first(Float32Array.of(1, 2, 3, 0, 0, 0, 7, 8, 9))).toBe('colours');
});

it('takes the network of a pack whose embedding has a usual size', async () => {
  const model = (filter: number, size: number) =>
    sampleOnnx({
      nodes: [{ name: 'first', operator: 'Conv', inputs: ['data', 'kernel'], output: 'b' }],
      tensors: new Map([['kernel', { shape: [2, 1, 3, 3], values: new Float32Array(18).fill(filter) }]]),
      output: { name: 'b', shape: ['N', size] },
    });
  for (const other of [212, 1000]) {
    const { convolutions, first } = await readModel([
      { name: 'a.onnx', bytes: model(1, other) },
      { name: 'b.onnx', bytes: model(2, 512) },
    ]);
    expect(convolutions[first]?.kernel[0]).toBe(2);
  }
});

it('takes weights from no other model: a missing file is named', async () => {
  const [bytes, other, weights] = [sampleOnnx(), sampleOnnx(), new Uint8Array(8)];
  const named = (name: string, content: Uint8Array) => ({ name, bytes: content });
  const files = new ModelFiles([
    named('one/model.onnx', bytes),
    named('two/model.onnx', other),
    named('two/model.onnx.data', weights),
  ]);
  expect(files.find('one/model.onnx', 'model.onnx.data')).toBeUndefined();
  expect(files.find('two/model.onnx', 'model.onnx.data')).toBe(weights);
  const apart = new ModelFiles([named('one/model.onnx', bytes), named('weights/model.onnx.data', weights)]);
  expect(apart.find('one/model.onnx', 'model.onnx.data')).toBe(weights);
});
