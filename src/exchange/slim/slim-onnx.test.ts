import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it, test } from 'vitest';
import { readOnnx } from '../../formats/onnx.ts';
import { writeOnnx } from '../../formats/onnx-writer.ts';
import { pythonWith } from '../../formats/testing/python.ts';
import { exportOnnx, onnxGraph, PRODUCER } from '../export/onnx.ts';
import { sampleOnnx } from '../testing/model-samples.ts';
import { smallConfig, trainedNetwork } from '../testing/trained.ts';
import { change } from './decision.ts';
import { keptSentence, SlimmableModel } from './slim-onnx.ts';
import { drawnModel, GraphMaker } from './testing/drawn-models.ts';

const SIDE = 9;

async function answers(bytes: Uint8Array, images: Float32Array): Promise<Float32Array> {
  const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  const count = images.length / (3 * SIDE * SIDE);
  const { out } = await session.run({ data: new Tensor('float32', images, [count, 3, SIDE, SIDE]) });
  await session.release();
  const data = out?.data;
  return data instanceof Float32Array ? data : expect.fail('no floats');
}

/** Images with borders that matter: noise, nothing, and one bright edge. */
function images(): Float32Array {
  const area = 3 * SIDE * SIDE;
  return Float32Array.from({ length: 3 * area }, (_, i) => {
    if (i < area) return Math.sin(12.9898 * i) * 2;
    return i < 2 * area ? 0 : i % SIDE === 0 ? 1 : 0;
  });
}

async function difference(before: Uint8Array, after: Uint8Array): Promise<number> {
  const [a, b] = [await answers(before, images()), await answers(after, images())];
  expect(b.length).toBe(a.length);
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0) / scale;
}

describe('a slimmed model gives the same answers', () => {
  it('in drawn networks of every kind of layer, and loses channels', async () => {
    let channels = 0;
    let kept = 0;
    for (let seed = 0; seed < 16; seed++) {
      const bytes = drawnModel(seed, SIDE);
      const { bytes: slim, report } = new SlimmableModel(bytes).slim('all');
      const largest = await difference(bytes, slim);
      expect(largest, `seed ${seed}`).toBeLessThan(1e-5);
      expect(report.after.parameters).toBeLessThanOrEqual(report.before.parameters);
      channels += report.channels;
      kept += report.kept.length;
    }
    expect(channels).toBeGreaterThan(40);
    expect(kept).toBeGreaterThan(8);
  });
});

/** conv 3 -> 4, one filter of zeros with this bias, a PReLU, and another convolution with these pads. */
function twoLayers(bias: number, pad: number): Uint8Array {
  const maker = new GraphMaker(1);
  const first = maker.conv('data', 3, 4, { zero: [2], biases: [0.1, 0.2, bias, 0.4], size: 3, pad: 1, name: 'first' });
  const second = maker.conv(maker.prelu(first, 4), 4, 5, { size: 3, pad, name: 'second' });
  return maker.finish(second, [5, 9, 9], SIDE);
}

test('a constant that is not zero is folded where nothing is padded, and kept where the border would lack it', () => {
  const folded = new SlimmableModel(twoLayers(0.5, 0)).slim('all').report;
  expect([folded.channels, folded.filters, folded.kept]).toEqual([1, 1, []]);
  const { report } = new SlimmableModel(twoLayers(0.5, 1)).slim('all');
  expect([report.channels, report.kept.map(keptSentence)]).toEqual([
    0,
    ['1 of "first" stays: they pass on 0.50 everywhere, and the padding of "second" would lack it at the border.'],
  ]);
  expect(new SlimmableModel(twoLayers(0, 1)).slim('all').report.channels).toBe(1);
});

test.each([
  ['w', 'its weights are computed from others'],
  ['b', 'its image, its bias or its groups are of a form that is not followed'],
])('dead filters stay where %s is not stored as float32, with the reason', (computed, reason) => {
  const kernel = Float32Array.from({ length: 4 * 27 }, (_, i) => (i < 27 ? 0 : 1));
  const bytes = sampleOnnx({
    nodes: [
      { name: 'cast', operator: 'Cast', inputs: [computed], output: 'k', attributes: { to: 1 } },
      {
        name: 'first',
        operator: 'Conv',
        inputs: ['data', ...['w', 'b'].map((one) => (one === computed ? 'k' : one))],
        output: 'a',
      },
      { name: 'relu', operator: 'Relu', inputs: ['a'], output: 'out' },
    ],
    tensors: new Map([
      ['w', { shape: [4, 3, 3, 3], values: kernel }],
      ['b', { shape: [4], values: new Float32Array(4) }],
    ]),
    input: { name: 'data', shape: [1, 3, 9, 9] },
    output: { name: 'out', shape: [1, 4, 7, 7] },
  });
  const { channels, kept } = new SlimmableModel(bytes).slim('all').report;
  expect([channels, kept.map(keptSentence)]).toEqual([0, [`1 of "first" stays: ${reason}.`]]);
});

test('channels below float32 are cut through a padding, others are kept', () => {
  const tiny = new SlimmableModel(twoLayers(1e-24, 1)).slim('first').report;
  expect([tiny.channels, tiny.belowFloat32]).toEqual([1, 1]);
  const noticed = new SlimmableModel(twoLayers(1e-6, 1)).slim('first').report;
  expect([noticed.channels, noticed.kept.length]).toEqual([0, 1]);
});

test('faint filters of our own exports go, since their images are known to be from -1 to 1', async () => {
  const network = trainedNetwork(smallConfig());
  const faint = (name: string, isOf: (at: number) => boolean) => {
    const values = network.state.get(name)?.values ?? expect.fail(name);
    for (let at = 0; at < values.length; at++) if (isOf(at)) values[at] = 1e-8 * (values[at] ?? 0);
  };
  // Filter 3 of 8, its batch norm, and the weights that read it.
  for (const name of ['conv.weight', 'bn.weight', 'bn.bias', 'bn.running_mean'])
    faint(`stem.${name}`, (at) => at % 8 === 3);
  faint('body.0.conv.weight', (at) => Math.floor(at / 8) % 8 === 3);
  const bytes = exportOnnx(network, { batchNorm: 'folded', version: '0' });
  const slim = new SlimmableModel(bytes).slim('first');
  expect([slim.report.channels, slim.report.belowFloat32]).toEqual([1, 1]);
  // Behind a layer that scales bytes the images are others.
  const { nodes, tensors } = onnxGraph(network, 'folded');
  const scaled = { operator: 'Mul', name: 'scale', inputs: ['data', 'by'], output: 'scaled' };
  const { metadata } = readOnnx(bytes);
  const prefixed = writeOnnx({
    opset: 17,
    producer: PRODUCER,
    producerVersion: '0',
    graphName: '',
    nodes: [
      scaled,
      ...nodes.map((node) => ({ ...node, inputs: node.inputs.map((name) => (name === 'data' ? 'scaled' : name)) })),
    ],
    tensors: new Map([...tensors, ['by', { shape: [1], values: Float32Array.of(1) }]]),
    input: { name: 'data', shape: ['N', 3, 20, 20] },
    output: { name: 'embedding', shape: ['N', 16] },
    metadata: Object.fromEntries(metadata),
  });
  expect(new SlimmableModel(prefixed).slim('first').report.channels).toBe(0);
  // Of a model of others nothing is assumed.
  const text = Buffer.from(bytes).toString('latin1').replace('CRAFT Playground', 'Other Playground');
  expect(new SlimmableModel(Buffer.from(text, 'latin1')).slim('first').report.channels).toBe(0);
});

test('an example of the empty tab has filters that can be removed, as many as its button says', () => {
  const bytes = readFileSync('public/examples/standard-seed-2.onnx');
  const model = new SlimmableModel(bytes);
  const { report } = model.slim('first');
  expect([report.filters, model.slim('all').report.channels]).toEqual([15, 19]);
  // "A third" in the changelog.
  expect(change(report.before.multiplyAdds ?? 0, report.after.multiplyAdds ?? 0)).toBe('−33 %');
});

test('channels that meet the width of another value stay', () => {
  const maker = new GraphMaker(1);
  const value = maker.conv('data', 3, SIDE, { zero: [2], biases: [0.1, 0.2, 0], size: 3, pad: 1 });
  const row = maker.plain('Flatten', [maker.plain('GlobalAveragePool', [value])], { axis: 1 });
  const last = maker.conv(maker.plain('Mul', [value, row]), SIDE, 4, { size: 1, pad: 0 });
  expect(new SlimmableModel(maker.finish(last, [4, SIDE, SIDE], SIDE)).slim('all').report.channels).toBe(0);
});

test('weights that two layers share are cut for each, and all other bytes stay', () => {
  const maker = new GraphMaker(3);
  const first = maker.conv('data', 3, 4, { zero: [1], biases: [0.1, 0, 0.2, 0.3], size: 1, pad: 0, name: 'first' });
  const left = maker.conv(first, 4, 4, { zero: [], size: 3, pad: 1, name: 'left' });
  const right = maker.shareKernel('left', left, 'right', 1);
  const bytes = maker.finish(right, [4, 9, 9], SIDE, { author: 'test' });
  const { bytes: slim, report } = new SlimmableModel(bytes).slim('all');
  expect(report.channels).toBe(1);
  const model = readOnnx(slim);
  expect(model.metadata.get('author')).toBe('test');
  expect(model.nodes.map(({ name }) => name)).toEqual(readOnnx(bytes).nodes.map(({ name }) => name));
  const shapes = model.nodes.map(({ inputs }) => model.tensors.get(inputs[1] ?? '')?.shape);
  expect(shapes).toEqual([
    [3, 3, 1, 1],
    [4, 3, 3, 3],
    [4, 4, 3, 3],
  ]);
});

test('a model whose channels are all dead keeps one of each layer', async () => {
  const maker = new GraphMaker(5);
  const first = maker.conv('data', 3, 4, { zero: [0, 1, 2, 3], biases: [1, 0, 0, 0], size: 3, pad: 1, name: 'first' });
  const bytes = maker.finish(maker.conv(first, 4, 5, { size: 1, pad: 0, name: 'second' }), [5, 9, 9], SIDE);
  const { bytes: slim, report } = new SlimmableModel(bytes).slim('all');
  expect(report.channels).toBe(3);
  expect(await difference(bytes, slim)).toBeLessThan(1e-6);
});

const python = pythonWith('onnx', 'onnxruntime');

describe.skipIf(python.command === undefined)(`onnx.checker and Python's onnxruntime${python.skipped}`, () => {
  it('take slimmed models', () => {
    const script = `
import sys, struct, numpy, onnx, onnxruntime
data = sys.stdin.buffer.read()
while data:
    n, = struct.unpack('<I', data[:4])
    both = []
    for _ in range(2):
        n, = struct.unpack('<I', data[:4])
        model, data = data[4:4 + n], data[4 + n:]
        onnx.checker.check_model(onnx.load_from_string(model), full_check=True)
        session = onnxruntime.InferenceSession(model)
        x = numpy.random.default_rng(0).normal(size=(1, 3, ${SIDE}, ${SIDE})).astype('float32')
        both.append(session.run(None, {'data': x})[0])
    assert abs(both[0] - both[1]).max() <= 1e-5 * max(1, abs(both[0]).max()), abs(both[0] - both[1]).max()
`;
    const parts: Uint8Array[] = [];
    for (let seed = 0; seed < 12; seed++) {
      const bytes = drawnModel(seed, SIDE);
      for (const model of [bytes, new SlimmableModel(bytes).slim('all').bytes]) {
        parts.push(new Uint8Array(Uint32Array.of(model.length).buffer), model);
      }
    }
    python.run(['-c', script], { input: Buffer.concat(parts) });
  });
});

/** A dead filter of two, an average, and a dense layer whose bias is of this shape; nodes in this order. */
function withDense(bias: readonly number[], order: readonly number[] = [0, 1, 2, 3]): Uint8Array {
  const nodes = [
    { name: 'first', operator: 'Conv', inputs: ['data', 'kernel', 'offset'], output: 'a' },
    { name: 'mean', operator: 'GlobalAveragePool', inputs: ['a'], output: 'p' },
    { name: 'flat', operator: 'Flatten', inputs: ['p'], output: 'f' },
    { name: 'dense', operator: 'Gemm', inputs: ['f', 'weights', 'bias'], output: 'out', attributes: { transB: 1 } },
  ];
  const count = bias.reduce((product, size) => product * size, 1);
  return sampleOnnx({
    nodes: order.flatMap((at) => nodes[at] ?? []),
    tensors: new Map([
      [
        'kernel',
        { shape: [2, 3, 3, 3], values: Float32Array.from({ length: 54 }, (_, i) => (i < 27 ? Math.sin(i) : 0)) },
      ],
      ['offset', { shape: [2], values: Float32Array.of(0.25, 0.5) }],
      ['weights', { shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ['bias', { shape: bias, values: new Float32Array(count).fill(0.125) }],
    ]),
    input: { name: 'data', shape: [1, 3, SIDE, SIDE] },
    output: { name: 'out', shape: [1, 3] },
  });
}

test('a dense layer whose bias is one number, or a row of another length, is not followed', async () => {
  const whole = new SlimmableModel(withDense([3])).slim('all');
  expect(whole.report.channels).toBe(1);
  const one = new SlimmableModel(withDense([1])).slim('all');
  expect(one.report.channels).toBe(0);
  for (const [bias, { bytes }] of [
    [[3], whole],
    [[1], one],
  ] as const) {
    const image = images().slice(0, 3 * SIDE * SIDE);
    const [a, b] = [await answers(withDense(bias), image), await answers(bytes, image)];
    a.forEach((value, i) => {
      expect(b[i]).toBeCloseTo(value, 5);
    });
  }
});

test('a model whose nodes are in no order is refused', () => {
  expect(() => new SlimmableModel(withDense([3], [0, 3, 1, 2]))).toThrow(
    'The nodes of the model are in no order: "dense" takes "f", which is computed behind it.',
  );
});

test('a model that claims billions of channels is refused before they are listed', () => {
  const bytes = sampleOnnx({
    nodes: [{ name: 'stem', operator: 'Conv', inputs: ['data', 'kernel'], output: 'out' }],
    tensors: new Map([['kernel', { shape: [2, 1, 3, 3], values: new Float32Array(18) }]]),
    input: { name: 'data', shape: ['N', 2 ** 32, 4, 4] },
    output: { name: 'out', shape: ['N', 2, 2, 2] },
  });
  expect(() => new SlimmableModel(bytes)).toThrow('more than 1\u202f048\u202f576 together');
});

test('channels that one layer reads together count together', () => {
  // The dead filter passes on 1. With a padding no bias takes that over; 1.5e-8 of it is below float32, 40 times is not.
  const cut = (times: number) =>
    new SlimmableModel(
      sampleOnnx({
        nodes: [
          { name: 'first', operator: 'Conv', inputs: ['data', 'kernel', 'offset'], output: 'a' },
          { name: 'join', operator: 'Concat', inputs: Array(times).fill('a'), output: 'j', attributes: { axis: 1 } },
          {
            name: 'second',
            operator: 'Conv',
            inputs: ['j', 'weights', 'bias'],
            output: 'out',
            attributes: { pads: [1, 1, 1, 1] },
          },
        ],
        tensors: new Map([
          ['kernel', { shape: [2, 3, 3, 3], values: Float32Array.from({ length: 54 }, (_, i) => (i < 27 ? 1 : 0)) }],
          ['offset', { shape: [2], values: Float32Array.of(0, 1) }],
          [
            'weights',
            {
              shape: [1, 2 * times, 1, 1],
              values: Float32Array.from({ length: 2 * times }, (_, i) => [1, 1.5e-8][i % 2] ?? 0),
            },
          ],
          ['bias', { shape: [1], values: Float32Array.of(1) }],
        ]),
        input: { name: 'data', shape: [1, 3, SIDE, SIDE] },
        output: { name: 'out', shape: [1, 1, SIDE, SIDE] },
      }),
    ).slim('all').report.channels;
  expect(cut(1)).toBe(1);
  expect(cut(40)).toBe(0);
});
