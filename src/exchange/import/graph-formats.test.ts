import { describe, expect, it } from 'vitest';
import { foldingFactors } from '../../craft/activity.ts';
import { Budget } from '../../formats/budget.ts';
import { bytes as flatBytes, flatbuffer, ints, table, tables } from '../../formats/testing/flatbuffers.ts';
import { bytesOf, u32 } from '../../formats/testing/pickles.ts';
import { field, varint } from '../../formats/testing/protobuf-bytes.ts';
import { readCaffeNetwork } from './caffe-network.ts';
import { convolutionsOf } from './compute-graph.ts';
import { layersNodes } from './keras-layers.ts';
import type { ModelTensors, NamedTensor } from './model-tensors.ts';
import { readMxnetModel } from './mxnet-model.ts';
import { readTfliteModel } from './tflite-model.ts';

const FILTERS = 4;
const FACTORS = [0, 2, 0, 4];
const wave = (count: number) => Array.from({ length: count }, (_, at) => Math.sin(at + 1));
const floats = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer);

/** The batch norm behind the first layer, and one that is not folded in. */
function found({ convolutions, first }: Pick<ModelTensors, 'convolutions' | 'first'>) {
  const { batchNorm, unreadNorm } = convolutions[first] ?? expect.fail('no first layer');
  const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => Math.round(1e4 * value) / 1e4);
  return {
    name: batchNorm?.name,
    factors: batchNorm && rounded(foldingFactors(FILTERS, batchNorm)),
    beta: batchNorm?.centre && rounded(batchNorm.centre.beta),
    unreadNorm,
  };
}

describe('MXNet', () => {
  type Symbol = readonly [op: string, name: string, inputs: readonly string[], attrs?: object];

  function read(behind: readonly Symbol[], { layout = {}, arrays = {} } = {}) {
    const all: Record<string, readonly [number[], number[]]> = {
      kernel: [[FILTERS, 3, 3, 3], wave(108)],
      factor: [[1, FILTERS, 1, 1], FACTORS],
      flat: [[FILTERS], FACTORS],
      ...arrays,
    };
    const u64 = (value: number) => bytesOf(u32(value), u32(0));
    const names = Object.keys(all);
    const params = bytesOf(
      ...[u64(0x112), u64(0), u64(names.length)],
      ...Object.values(all).map(([shape, values]) =>
        bytesOf(u32(0xf993fac9), u32(0), u32(shape.length), ...shape.map(u64), u32(1), u32(0), u32(0), floats(values)),
      ),
      u64(names.length),
      ...names.map((name) => bytesOf(u64(name.length + 4), `arg:${name}`)),
    );
    const symbols: readonly Symbol[] = [
      ['null', 'data', []],
      ...names.map((name): Symbol => ['null', name, []]),
      ['Convolution', 'c', ['data', 'kernel'], layout],
      ...behind,
    ];
    const at = (name: string) => symbols.findIndex((one) => one[1] === name);
    const nodes = symbols.map(([op, name, inputs, attrs = {}]) => {
      return { op, name, attrs, inputs: inputs.map((from) => [at(from), 0, 0]) };
    });
    const json = new TextEncoder().encode(JSON.stringify({ nodes }));
    return found(readMxnetModel({ name: 'm-0000.params', bytes: params }, () => json, new Budget(1e7)));
  }

  it('a batch norm that is written as arithmetic is read as one', () => {
    const shifted: Symbol = ['_plus_scalar', 's', ['m'], { scalar: '0.5' }];
    const beta = [0.5, 0.5, 0.5, 0.5];
    expect(read([['broadcast_mul', 'm', ['c', 'factor']], shifted])).toMatchObject({
      name: 'm',
      factors: FACTORS,
      beta,
    });
    const shaped: Symbol = ['reshape', 'r', ['flat'], { shape: '(1, -1, 1, 1)' }];
    expect(read([shaped, ['broadcast_mul', 'm', ['r', 'c']]])).toMatchObject({ name: 'm', factors: FACTORS });
    expect(
      read([
        ['_rminus_scalar', 's', ['c'], { scalar: '1' }],
        ['broadcast_mul', 'm', ['s', 'factor']],
      ]),
    ).toMatchObject({
      factors: FACTORS,
      beta: FACTORS,
    });
  });

  it('one behind an activation, or on another axis, is not folded in', () => {
    const behind: Symbol[] = [
      ['Activation', 'a', ['c']],
      ['broadcast_mul', 'm', ['a', 'factor']],
    ];
    expect(read(behind)).toMatchObject({ name: undefined, unreadNorm: 'm' });
    const wide = { factor: [[1, 1, 1, FILTERS], FACTORS] as const };
    expect(read([['broadcast_mul', 'm', ['c', 'factor']]], { arrays: wide })).toMatchObject({ name: undefined });
  });

  it('a kernel of another layout is refused by name', () => {
    expect(() => read([], { layout: { layout: 'NHWC' } })).toThrow(/"c" .*its kernel has the layout NHWC/);
  });
});

describe('Caffe', () => {
  interface Layer {
    readonly type: string;
    readonly values?: readonly (readonly number[])[];
    readonly settings?: Uint8Array<ArrayBuffer>;
  }
  const blob = (shape: readonly number[], values: readonly number[]) =>
    bytesOf(field(7, field(1, bytesOf(...shape.map(varint)))), field(5, floats(values)));

  /** Layers behind each other in place. */
  function read(...behind: readonly Layer[]) {
    const layer = (type: string, top: string, blobs: readonly Uint8Array[], settings = new Uint8Array(0)) => {
      const texts = [field(1, bytesOf(type)), field(2, bytesOf(type)), field(3, bytesOf(top === 'c' ? 'data' : 'c'))];
      return field(100, bytesOf(...texts, field(4, bytesOf('c')), ...blobs.map((one) => field(7, one)), settings));
    };
    const layers = behind.map(({ type, values = [], settings }) =>
      layer(
        type,
        '',
        values.map((one) => blob([one.length], one)),
        settings,
      ),
    );
    const kernel = blob([FILTERS, 3, 3, 3], wave(108));
    return found(readCaffeNetwork(bytesOf(layer('Convolution', 'c', [kernel]), ...layers), new Budget(1e7)));
  }
  const ones = [1, 1, 1, 1];
  const norm: Layer = { type: 'BatchNorm', values: [ones, [4, 4, 4, 4], [1]] };

  it('a Scale alone scales the filters, with a Bias or a shift of its own', () => {
    expect(read({ type: 'Scale', values: [FACTORS] })).toMatchObject({ name: 'Scale', factors: FACTORS });
    const shifted = read({ type: 'Scale', values: [FACTORS, ones] }, { type: 'Bias', values: [[0, 1, 2, 3]] });
    expect(shifted).toMatchObject({ name: 'Scale', factors: FACTORS, beta: [1, 2, 3, 4] });
    // Of the rows of the image.
    const axis = field(142, bytesOf(8, 2));
    expect(read({ type: 'Scale', values: [FACTORS], settings: axis })).toMatchObject({ name: undefined });
  });

  it('a Scale behind a batch norm belongs to it; behind an activation it is named', () => {
    const scaled = read(norm, { type: 'Scale', values: [FACTORS, ones] });
    expect(scaled).toMatchObject({ name: 'BatchNorm', factors: [0, 1, 0, 2], beta: ones, unreadNorm: undefined });
    expect(read({ type: 'ReLU' }, { type: 'Scale', values: [FACTORS] })).toMatchObject({ unreadNorm: 'Scale' });
  });

  it("a batch norm's epsilon is that of the file", () => {
    const settings = field(139, bytesOf(29, floats([5])));
    expect(read({ ...norm, settings })).toMatchObject({
      factors: [1 / 3, 1 / 3, 1 / 3, 1 / 3].map((x) => Math.round(1e4 * x) / 1e4),
    });
  });
});

describe('TensorFlow Lite', () => {
  const [ADD, CONV_2D, MUL, RELU] = [0, 3, 18, 19];
  const CODES = [ADD, CONV_2D, MUL, RELU];

  /** Tensors: 0 the image, 1 the kernel, 2 factors, 3 the result of the convolution; then one of each operation. */
  function read(
    activation: number,
    ...behind: readonly { readonly code: number; readonly inputs: readonly number[] }[]
  ) {
    const named = (name: string, shape: readonly number[], buffer = 0) =>
      table({ 0: ints(...shape), 2: buffer, 3: flatBytes(bytesOf(name)) });
    const content = (values: readonly number[]) => table({ 0: flatBytes(floats(values)) });
    const results = behind.map((_, at) => named(`t${4 + at}`, [1, 6, 6, FILTERS]));
    const operators = [{ code: CONV_2D, inputs: [0, 1] }, ...behind].map(({ code, inputs }, at) => {
      const options = code === CONV_2D ? table({ 3: activation }) : table({});
      return table({ 0: CODES.indexOf(code), 1: ints(...inputs), 2: ints(3 + at), 4: options });
    });
    const tensors = tables(
      named('image', [1, 8, 8, 3]),
      named('kernel', [FILTERS, 3, 3, 3], 1),
      named('factor', [FILTERS], 2),
      named('c', [1, 6, 6, FILTERS]),
      ...results,
    );
    const graph = table({ 0: tensors, 1: ints(0), 3: tables(...operators) });
    const codes = tables(...CODES.map((code) => table({ 0: code, 3: code })));
    const buffers = tables(table({}), content(wave(108)), content(FACTORS));
    return found(
      readTfliteModel(flatbuffer(table({ 1: codes, 2: tables(graph), 4: buffers }), 'TFL3'), new Budget(1e7)),
    );
  }

  it('a batch norm that is written as arithmetic is read as one', () => {
    const scaled = read(0, { code: MUL, inputs: [3, 2] }, { code: ADD, inputs: [2, 4] });
    expect(scaled).toMatchObject({ name: 't4', factors: FACTORS, beta: FACTORS, unreadNorm: undefined });
  });

  it('one behind an activation is named as not folded in', () => {
    const nothing = { name: undefined, factors: undefined };
    expect(read(1, { code: MUL, inputs: [3, 2] })).toMatchObject({ ...nothing, unreadNorm: 't4' });
    const behind = [
      { code: RELU, inputs: [3] },
      { code: MUL, inputs: [4, 2] },
    ];
    expect(read(0, ...behind)).toMatchObject({ ...nothing, unreadNorm: 't5' });
  });
});

describe('Keras', () => {
  function read(activation: unknown) {
    const layer = (class_name: string, config: object) => ({ class_name, config: { name: class_name, ...config } });
    const topology = {
      class_name: 'Sequential',
      config: [layer('Conv2D', { activation }), layer('BatchNormalization', { epsilon: 0 })],
    };
    const tensor = (name: string, shape: readonly number[], values: readonly number[]): NamedTensor => {
      return { name, shape, type: 'float32', floats: () => Float32Array.from(values) };
    };
    const weights = [
      tensor('kernel', [3, 3, 3, FILTERS], wave(108)),
      tensor('gamma', [FILTERS], FACTORS),
      tensor('moving_variance', [FILTERS], [1, 1, 1, 1]),
    ];
    const nodes = layersNodes(topology, () => new Map(weights.map((one) => [one.name, one]))) ?? [];
    return found(convolutionsOf(nodes, new Budget(1e7)));
  }

  it('a batch norm behind the activation of a convolution is named as not folded in', () => {
    expect(read('linear')).toMatchObject({ name: 'BatchNormalization', factors: FACTORS });
    expect(read('relu')).toMatchObject({ name: undefined, unreadNorm: 'BatchNormalization' });
  });
});
