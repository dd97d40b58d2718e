import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRunnable } from '../../exchange/import/runnable-model.ts';
import { sampleOnnx } from '../../exchange/testing/model-samples.ts';
import { type OnnxNodeToWrite, writeOnnx } from '../../formats/onnx-writer.ts';
import { OnnxNetwork } from './onnx-network.ts';
import type { InputCoding } from './protocol.ts';

const runtime = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
const AUTO: InputCoding = { scaling: 'auto', colours: 'RGB' };
const KERNEL = Float32Array.from({ length: 8 * 3 * 9 }, (_, i) => Math.sin(i));

function open(bytes: Uint8Array, output?: string) {
  const model = readRunnable([{ name: 'model.onnx', bytes }]);
  if (model.kind !== 'onnx') throw new Error('no ONNX model');
  return OnnxNetwork.open(model, new Uint8Array(readFileSync(runtime)).buffer, output);
}

/** Three random pictures. */
function pictures(size: number) {
  return { images: Uint8Array.from({ length: 3 * size * size * 3 }, (_, i) => (i * 7919) % 251), size };
}

const one = (values: readonly number[]) => ({ shape: [values.length], values: Float32Array.from(values) });

function convolutional(
  front: readonly OnnxNodeToWrite[],
  from: string,
  tensors: ReadonlyMap<string, ReturnType<typeof one>>,
  opset = 17,
  behind: readonly OnnxNodeToWrite[] = [],
) {
  return sampleOnnx({
    opset,
    nodes: [
      ...front,
      { name: 'c', operator: 'Conv', inputs: [from, 'w'], output: 'a' },
      ...behind,
      { name: 'f', operator: 'Flatten', inputs: [behind.at(-1)?.output ?? 'a'], output: 'out' },
    ],
    tensors: new Map([['w', { shape: [8, 3, 3, 3], values: KERNEL }], ...tensors]),
    input: { name: 'data', shape: ['N', 3, 8, 8] },
    output: { name: 'out', shape: ['N', 288] },
  });
}

async function embedded(bytes: Uint8Array, size: number, coding = AUTO) {
  const network = await open(bytes);
  const { original, flipped } = await network.coded(coding).embedFaces(pictures(size), Int32Array.of(0, 1, 2));
  await network.close();
  return { network, original, flipped };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
}

describe('a foreign ONNX network', () => {
  const step = (operator: string, inputs: readonly string[], output: string) => ({
    name: output,
    operator,
    inputs,
    output,
  });

  it.each([
    [
      'Sub and Mul',
      [step('Sub', ['data', 'm'], 's'), step('Mul', ['s', 'k'], 'n')],
      { m: [127.5], k: [1 / 127.5] },
      '0-255',
    ],
    [
      'Sub and Div of each channel',
      [step('Sub', ['data', 'm'], 's'), step('Div', ['s', 'k'], 'n')],
      { m: [127.5, 127.5, 127.5], k: [127.5] },
      '0-255',
    ],
    [
      'a batch norm',
      [step('BatchNormalization', ['data', 'g', 'b', 'u', 'v'], 'n')],
      { g: [1, 1, 1], b: [0, 0, 0], u: [127.5, 127.5, 127.5], v: [16256.25, 16256.25, 16256.25] },
      '0-255',
    ],
    ['values of 0 to 1', [step('Mul', ['data', 'k'], 's'), step('Add', ['m', 's'], 'n')], { k: [2], m: [-1] }, '0-1'],
  ] as const)('with %s in front gets the values it asks for', async (_, front, numbers, scaling) => {
    const plain = await embedded(convolutional([], 'data', new Map()), 8);
    expect([plain.network.scaling, plain.network.batch]).toEqual([undefined, 16]);
    const given = Object.entries(numbers).map(([name, values]) => {
      const shape =
        front[0].operator === 'BatchNormalization' || values.length === 1 ? [values.length] : [values.length, 1, 1];
      return [name, { shape, values: Float32Array.from(values) }] as const;
    });
    const { network, original, flipped } = await embedded(convolutional(front, 'n', new Map(given)), 8);
    expect(network.scaling).toBe(scaling);
    expect(largestDifference(original, plain.original)).toBeLessThan(1e-3);
    expect(largestDifference(flipped, plain.flipped)).toBeLessThan(1e-3);
  });

  it('that cuts a part out of its image and then normalises it gets the values it asks for', async () => {
    const front = [
      { ...step('Slice', ['data'], 'part'), attributes: { axes: [2, 3], starts: [0, 0], ends: [8, 8] } },
      step('Sub', ['part', 'm'], 's'),
      step('Mul', ['s', 'k'], 'n'),
    ];
    const tensors = new Map([
      ['m', one([127.5])],
      ['k', one([1 / 127.5])],
    ]);
    // Later operator sets take the bounds of a slice as tensors.
    const bytes = convolutional(front, 'n', tensors, 9);
    const { network, original } = await embedded(bytes, 8);
    expect(network.scaling).toBe('0-255');
    const plain = await embedded(convolutional([], 'data', new Map()), 8);
    expect(largestDifference(original, plain.original)).toBeLessThan(1e-3);
  });

  it('whose batch norm takes values around zero gets them as others do', async () => {
    const tensors = new Map(
      Object.entries({ g: one([1, 1, 1]), b: one([0, 0, 0]), u: one([0.05, 0, -0.1]), v: one([0.3, 0.3, 0.2]) }),
    );
    const { network } = await embedded(
      convolutional([step('BatchNormalization', ['data', 'g', 'b', 'u', 'v'], 'n')], 'n', tensors),
      8,
    );
    expect(network.scaling).toBeUndefined();
  });

  it('in float64 is refused in our own words', async () => {
    // The kernel's numbers, taken for half as many of 64 bits.
    const halved = new Map([['w', { shape: [8, 3, 3, 3], values: new Float32Array(2 * KERNEL.length) }]]);
    const cast = (from: string, output: string, to: number) => ({
      ...step('Cast', [from], output),
      attributes: { to },
    });
    const bytes = convolutional([cast('data', 'd', 11)], 'd', halved, 17, [cast('a', 'b', 1)]);
    const FLOAT = [0x10, 1, 0x42, 1, 'w'.charCodeAt(0)];
    const at = bytes.findIndex((_, i) => FLOAT.every((byte, place) => bytes[i + place] === byte));
    bytes[at + 1] = 11;
    await expect(open(bytes)).rejects.toThrow(/^The model computes in float64, and ONNX Runtime has no Conv \("c"\)/);
  });

  it('with several outputs gives the embedding, not its norm', async () => {
    const bytes = writeOnnx({
      opset: 17,
      producer: 'test',
      producerVersion: '1',
      graphName: 'g',
      nodes: [
        { name: 'f', operator: 'Flatten', inputs: ['data'], output: 'flat' },
        { name: 'n', operator: 'ReduceL2', inputs: ['flat'], output: 'norm', attributes: { axes: [1], keepdims: 1 } },
        { name: 'e', operator: 'Div', inputs: ['flat', 'norm'], output: 'unit' },
        { name: 's', operator: 'Concat', inputs: ['norm', 'norm'], output: 'out', attributes: { axis: 1 } },
      ],
      tensors: new Map(),
      input: { name: 'data', shape: ['N', 3, 8, 8] },
      output: { name: 'out', shape: ['N', 2] },
      metadata: {},
    });
    await expect(open(bytes)).rejects.toThrow(/None of the model's outputs is an embedding of an image: out \[1, 2\]/);
  });

  it.each([
    ['points of a face', 'landmarks', 'Identity'],
    ['shares of classes', 'out1', 'Softmax'],
  ])('with %s before it gives the embedding', async (_, name, operator) => {
    const bytes = sampleOnnx({
      nodes: [
        { name: 'f', operator: 'Flatten', inputs: ['data'], output: 'flat' },
        { name: 'o', operator, inputs: ['flat'], output: name },
        { name: 'e', operator: 'Identity', inputs: ['flat'], output: 'out2' },
      ],
      input: { name: 'data', shape: ['N', 3, 8, 8] },
      output: [
        { name, shape: ['N', 192] },
        { name: 'out2', shape: ['N', 192] },
      ],
    });
    const network = await open(bytes);
    expect(network.output).toBe('out2');
    await network.close();
  });

  it('of several embeddings gives the one that is asked for, or a sentence with the outputs', async () => {
    const bytes = sampleOnnx({
      nodes: [
        { name: 'f', operator: 'Flatten', inputs: ['data'], output: 'one' },
        { name: 'o', operator: 'Neg', inputs: ['one'], output: 'other' },
        { name: 'n', operator: 'ReduceL2', inputs: ['one'], output: 'norm', attributes: { axes: [1], keepdims: 1 } },
      ],
      input: { name: 'data', shape: ['N', 3, 8, 8] },
      output: ['one', 'other', 'norm'].map((name) => ({ name, shape: ['N', name === 'norm' ? 1 : 192] })),
    });
    for (const [asked, output] of [[undefined, 'one'] as const, ['other', 'other'] as const]) {
      const network = await open(bytes, asked);
      expect([network.output, network.dimension, network.batch]).toEqual([output, 192, 16]);
      await network.close();
    }
    const listed = 'one [1, 192], other [1, 192], norm [1, 1].';
    await expect(open(bytes, 'third')).rejects.toThrow(
      `"third" is none of the outputs of the model; these are: ${listed}`,
    );
    await expect(open(bytes, 'norm')).rejects.toThrow(`"norm" is no embedding of an image; these are: ${listed}`);
  });

  it('of 112 × 96 sees the middle of the template, and its mirror image', async () => {
    const bytes = writeOnnx({
      opset: 17,
      producer: 'test',
      producerVersion: '1',
      graphName: 'g',
      nodes: [{ name: 'f', operator: 'Flatten', inputs: ['data'], output: 'out' }],
      tensors: new Map(),
      input: { name: 'data', shape: [1, 3, 28, 24] },
      output: { name: 'out', shape: [1, 3 * 28 * 24] },
      metadata: {},
    });
    const { network, original, flipped } = await embedded(bytes, 28, { scaling: '0-255', colours: 'BGR' });
    expect([network.imageSize, network.batch]).toEqual(['28 × 24 px', 1]);
    const { images } = pictures(28);
    const byte = (row: number, y: number, x: number, channel: number) =>
      images[((row * 28 + y) * 28 + x) * 3 + channel];
    const at = (row: number, y: number, x: number, plane: number) => ((row * 3 + plane) * 28 + y) * 24 + x;
    // Blue comes first; two columns are cut off on either side.
    expect(original[at(1, 5, 3, 0)]).toBe(byte(1, 5, 5, 2));
    expect(flipped[at(2, 27, 0, 1)]).toBe(byte(2, 27, 25, 1));
  });
});

const cases = process.env.FIELD_CASES_DIR ?? '';
describe.skipIf(cases === '')(
  `networks of the field${cases === '' ? ' (skipped: FIELD_CASES_DIR is not set)' : ''}`,
  () => {
    it.each([
      ['60-onnx-batch-in-name-only/reshape-1.onnx', { batch: 1, dimension: 16, scaling: undefined }, 32],
      ['61-onnx-normalisation-inside-run/sub-mul.onnx', { batch: 16, dimension: 16, scaling: '0-255' }, 32],
      ['62-onnx-112x96/model.onnx', { batch: 1, dimension: 8, imageSize: '112 × 96 px' }, 112],
      ['64-onnx-half-input/model.onnx', { batch: 16, dimension: 16 }, 32],
    ] as const)('%s', async (path, expected, size) => {
      const { network, original, flipped } = await embedded(readFileSync(join(cases, path)), size);
      expect(network).toMatchObject(expected);
      expect([...original, ...flipped].every(Number.isFinite)).toBe(true);
      // Three images give three embeddings, none of which is another's.
      const rows = [0, 1, 2].map((row) =>
        original.subarray(row * network.dimension, (row + 1) * network.dimension).join(),
      );
      expect(new Set(rows).size).toBe(3);
    });
  },
);
