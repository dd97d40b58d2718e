import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../formats/testing/pickles.ts';
import { field, varint } from '../../formats/testing/protobuf-bytes.ts';
import { SAMPLE_KERNEL } from '../testing/model-samples.ts';
import { fromOihw } from './model-tensors.ts';
import { readModel } from './read-model.ts';

const whole = (number: number, value: number) => bytesOf(varint(8 * number), varint(value));
const text = (number: number, value: string) => field(number, bytesOf(value));
const raw = (values: ArrayBufferView<ArrayBuffer>) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const sizes = (number: number, shape: readonly number[]) => shape.map((size) => whole(number, size));

type Numbers = Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
const TYPES = { Float32Array: 1, BigInt64Array: 7, Uint8Array: 9 };

function tensor(name: string, shape: readonly number[], values: Numbers): Uint8Array<ArrayBuffer> {
  const type = Object.entries(TYPES).find(([kind]) => kind === values.constructor.name)?.[1] ?? 0;
  return bytesOf(...sizes(1, shape), whole(2, type), text(8, name), field(9, raw(values)));
}

function sparse(
  name: string,
  shape: readonly number[],
  values: readonly number[],
  places: readonly number[],
  axes = 1,
) {
  const indices = BigInt64Array.from(places.map(BigInt));
  const count = axes === 1 ? [places.length] : [places.length / axes, axes];
  return bytesOf(
    field(1, tensor(name, [values.length], Float32Array.from(values))),
    field(2, tensor('', count, indices)),
    ...sizes(3, shape),
  );
}

function node(operator: string, inputs: readonly string[], output: string, ...attributes: readonly Uint8Array[]) {
  const names = inputs.map((input) => text(1, input));
  const own = attributes.map((one) => field(5, one));
  return bytesOf(...names, text(2, output), text(3, operator.toLowerCase()), text(4, operator), ...own);
}

const graphAttribute = (name: string, graph: Uint8Array) => bytesOf(text(1, name), field(6, graph));
const value = (name: string, shape: readonly number[]) => {
  const dimensions = shape.map((size) => field(1, whole(1, size)));
  return bytesOf(text(1, name), field(2, field(1, bytesOf(whole(1, 1), field(2, bytesOf(...dimensions))))));
};

interface Parts {
  readonly nodes: readonly Uint8Array[];
  readonly tensors?: readonly Uint8Array[];
  readonly sparse?: readonly Uint8Array[];
  readonly output?: string;
}

function graph({ nodes, tensors = [], sparse: few = [], output = 'out' }: Parts, ...inputs: readonly Uint8Array[]) {
  return bytesOf(
    ...nodes.map((one) => field(1, one)),
    ...tensors.map((one) => field(5, one)),
    ...inputs.map((one) => field(11, one)),
    field(12, text(1, output)),
    ...few.map((one) => field(15, one)),
  );
}

/** The first layer of a model with these parts. */
async function firstOf(parts: Parts) {
  const image = value('data', [1, 1, 8, 8]);
  const asked = value('asked', []);
  const bytes = bytesOf(whole(1, 8), field(7, graph(parts, image, asked)), field(8, whole(2, 17)));
  const { convolutions, first } = await readModel([{ name: 'model.onnx', bytes }]);
  return convolutions[first] ?? expect.fail('no first layer');
}

const KERNEL = tensor('kernel', [2, 1, 3, 3], SAMPLE_KERNEL);
const NEGATIVE = SAMPLE_KERNEL.map((weight) => -weight);
const conv = node('Conv', ['data', 'w'], 'out');
const yes = tensor('yes', [], Uint8Array.of(1));
const no = tensor('no', [], Uint8Array.of(0));
const oihw = (weights: Float32Array<ArrayBuffer>) => fromOihw(weights, [3, 3, 1, 2]);

/** An If of two branches. */
const choice = (condition: string, output: string, whenTrue: Parts, whenFalse: Parts) =>
  node(
    'If',
    [condition],
    output,
    graphAttribute('then_branch', graph(whenTrue)),
    graphAttribute('else_branch', graph(whenFalse)),
  );
/** A branch that gives a value from outside, turned into its negative or not. */
const given = (operator: string) => ({ nodes: [node(operator, ['kernel'], 'x')], output: 'x' });

describe('an If whose result does not depend on the image', () => {
  it.each([
    ['yes', SAMPLE_KERNEL],
    ['no', NEGATIVE],
  ])('is the branch of its condition: %s', async (condition, weights) => {
    const branches = choice(condition, 'w', given('Identity'), given('Neg'));
    const { kernel } = await firstOf({ nodes: [branches, conv], tensors: [KERNEL, yes, no] });
    expect(kernel).toEqual(oihw(weights));
  });

  it('is either branch where they give the same', async () => {
    const same = { nodes: [node('Neg', ['own'], 'x')], tensors: [tensor('own', [2, 1, 3, 3], NEGATIVE)], output: 'x' };
    const alike = choice('asked', 'w', given('Identity'), same);
    expect((await firstOf({ nodes: [alike, conv], tensors: [KERNEL] })).kernel).toEqual(oihw(SAMPLE_KERNEL));
    const differ = choice('asked', 'w', given('Identity'), given('Neg'));
    await expect(firstOf({ nodes: [differ, conv], tensors: [KERNEL] })).rejects.toThrow('"w" is computed by If');
  });

  it('leads the image on, through one within another, by a condition that is worked out', async () => {
    const inner = choice(
      'no',
      'x',
      { nodes: [node('Relu', ['data'], 'x')], output: 'x' },
      { nodes: [node('Conv', ['data', 'kernel'], 'x')], output: 'x' },
    );
    const outer = choice(
      'so',
      'out',
      { nodes: [inner], output: 'x' },
      { nodes: [node('Loop', ['data'], 'x')], output: 'x' },
    );
    const nodes = [node('Not', ['no'], 'so'), outer];
    expect((await firstOf({ nodes, tensors: [KERNEL, no] })).kernel).toEqual(oihw(SAMPLE_KERNEL));
    await expect(
      firstOf({
        nodes: [choice('asked', 'out', { nodes: [inner], output: 'x' }, given('Neg'))],
        tensors: [KERNEL, no],
      }),
    ).rejects.toThrow('The operator "If" ("if") takes the image');
  });
});

describe('a sparse kernel', () => {
  const places = [...SAMPLE_KERNEL.keys()].slice(1);
  const weights = [...SAMPLE_KERNEL.slice(1)];
  const along = places.flatMap((place) => [Math.floor(place / 9), 0, Math.floor(place / 3) % 3, place % 3]);

  it('is read with zeros in its other places', async () => {
    const one = sparse('w', [2, 1, 3, 3], weights, places);
    expect((await firstOf({ nodes: [conv], sparse: [one] })).kernel).toEqual(oihw(SAMPLE_KERNEL));
    const axes = sparse('w', [2, 1, 3, 3], weights, along, 4);
    expect((await firstOf({ nodes: [conv], sparse: [axes] })).kernel).toEqual(oihw(SAMPLE_KERNEL));
    const attribute = bytesOf(text(1, 'sparse_value'), field(22, one));
    expect((await firstOf({ nodes: [node('Constant', [], 'w', attribute), conv] })).kernel).toEqual(
      oihw(SAMPLE_KERNEL),
    );
  });

  it.each([
    ['a number outside', [2, 1, 3, 3], [18], 'has a number outside of its shape'],
    ['fewer places than numbers', [2, 1, 3, 3], [1, 2], 'has 1 numbers and 2 indices of their places'],
    ['more numbers than the memory holds', [2 ** 20, 2 ** 20, 3, 3], [0], 'too much memory'],
  ])('with %s is refused', async (_, shape, at, sentence) => {
    const one = sparse('w', shape, [1], at);
    await expect(firstOf({ nodes: [conv], sparse: [one] })).rejects.toThrow(sentence);
  });
});
