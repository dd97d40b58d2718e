import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs/minimal.js';
import { expect, it } from 'vitest';
import { joinBytes } from '../../formats/join-bytes.ts';
import { AblatableModel } from '../ablate.ts';
import { SlimmableModel } from '../slim/slim-onnx.ts';
import { SAMPLE_KERNEL, sampleOnnx } from '../testing/model-samples.ts';
import { fromOihw } from './model-tensors.ts';
import { readModel } from './read-model.ts';

type Field = readonly [number, string | Uint8Array];

/** A protobuf message of texts and messages. */
function bytesOf(...fields: readonly Field[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const [field, content] of fields) {
    writer.uint32(8 * field + 2);
    if (typeof content === 'string') writer.string(content);
    else writer.bytes(content);
  }
  return writer.finish();
}

const texts = (field: number, names: readonly string[]) => names.map((name): Field => [field, name]);

function nodeBytes(operator: string, inputs: readonly string[], output: string, ...more: readonly Field[]): Uint8Array {
  return bytesOf(...texts(1, inputs), [2, output], [3, operator.toLowerCase()], [4, operator], ...more);
}

/** FunctionProto of the domain "" */
function functionBytes(name: string, inputs: readonly string[], output: string, nodes: readonly Uint8Array[]) {
  return bytesOf([1, name], ...texts(4, inputs), [5, output], ...nodes.map((node): Field => [7, node]));
}

/** The image through Stem(data, kernel), which is one of the functions. */
function calling(...functions: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const main = sampleOnnx({
    nodes: [{ name: 'call', operator: 'Stem', inputs: ['data', 'kernel'], output: 'b' }],
  });
  return joinBytes([main, bytesOf(...functions.map((one): Field => [25, one]))]);
}

const layerOf = async (bytes: Uint8Array) => {
  const { convolutions, first } = await readModel([{ name: 'model.onnx', bytes }]);
  return convolutions[first] ?? expect.fail('no first layer');
};

it('reads the first layer in the body of a function, through another one', async () => {
  const { name, kernel } = await layerOf(
    calling(
      functionBytes('Stem', ['x', 'w'], 'y', [nodeBytes('Relu', ['x'], 'r'), nodeBytes('Inner', ['r', 'w'], 'y')]),
      functionBytes('Inner', ['x', 'w'], 'y', [nodeBytes('Conv', ['x', 'w'], 'y')]),
    ),
  );
  expect(name).toBe('call/inner/conv');
  expect(kernel).toEqual(fromOihw(SAMPLE_KERNEL, [3, 3, 1, 2]));
});

it('follows a function whose result is its input, and two calls of one name', async () => {
  const main = sampleOnnx({
    nodes: [
      { name: 'call', operator: 'Same', inputs: ['data'], output: 'd' },
      { name: 'call', operator: 'Stem', inputs: ['d', 'kernel'], output: 'a' },
      { name: 'call', operator: 'Stem', inputs: ['a', 'second'], output: 'b' },
    ],
    tensors: new Map([
      ['kernel', { shape: [2, 1, 3, 3], values: SAMPLE_KERNEL }],
      ['second', { shape: [1, 2, 3, 3], values: SAMPLE_KERNEL.map((weight) => -weight) }],
    ]),
  });
  const functions = [
    functionBytes('Same', ['x'], 'x', []),
    functionBytes('Stem', ['x', 'w'], 'y', [nodeBytes('Relu', ['x'], 'r'), nodeBytes('Conv', ['r', 'w'], 'y')]),
  ];
  const bytes = joinBytes([main, bytesOf(...functions.map((one): Field => [25, one]))]);
  const { convolutions, first } = await readModel([{ name: 'model.onnx', bytes }]);
  expect(convolutions.map(({ shape }) => shape)).toEqual([
    [3, 3, 1, 2],
    [3, 3, 2, 1],
  ]);
  expect(convolutions[first]?.kernel).toEqual(fromOihw(SAMPLE_KERNEL, [3, 3, 1, 2]));
});

it('gives attributes in a body the value of the call', async () => {
  const { shape } = await layerOf(
    calling(
      functionBytes('Stem', ['x', 'w'], 'y', [
        nodeBytes('Inner', ['x', 'w'], 'y', [5, bytesOf([1, 'shape'], [8, Uint8Array.of(1, 2, 3, 3)])]),
      ]),
      functionBytes('Inner', ['x', 'w'], 'y', [
        nodeBytes('Constant', [], 's', [5, bytesOf([1, 'value_ints'], [21, 'shape'])]),
        nodeBytes('Reshape', ['w', 's'], 'k'),
        nodeBytes('Conv', ['x', 'k'], 'y'),
      ]),
    ),
  );
  expect(shape).toEqual([3, 3, 2, 1]);
});

it('refuses functions that call themselves, and bodies that multiply', async () => {
  const circle = functionBytes('Stem', ['x', 'w'], 'y', [nodeBytes('Stem', ['x', 'w'], 'y')]);
  await expect(layerOf(calling(circle))).rejects.toThrow('Its functions call each other too deep.');
  const names = ['Stem', ...Array.from({ length: 12 }, (_, at) => `F${at}`)];
  const bodies = names.map((name, at) =>
    functionBytes(
      name,
      ['x', 'w'],
      'y',
      Array.from({ length: 30 }, (_, call) => nodeBytes(names[at + 1] ?? 'Conv', ['x', 'w'], `o${call}`)),
    ),
  );
  await expect(layerOf(calling(...bodies))).rejects.toThrow('the bodies of its functions');
});

it('refuses to slim or ablate a model whose nodes are not those of the file', () => {
  const bytes = calling(functionBytes('Stem', ['x', 'w'], 'y', [nodeBytes('Conv', ['x', 'w'], 'y')]));
  expect(() => new SlimmableModel(bytes)).toThrow('calls functions of its own');
  expect(() => new AblatableModel({ bytes, fileOf: () => undefined })).toThrow('calls functions of its own');
});

it("reads functions that ONNX's own helper wrote, and ONNX Runtime runs", async () => {
  // scripts/foreign/fuzz_seeds.py: the first layer is the kernel times the attribute of its call, 0.5.
  const { name, kernel } = await layerOf(readFileSync(new URL('../testing/seeds/functions.onnx', import.meta.url)));
  expect(name).toBe('stem/inner/conv');
  expect([...kernel]).toEqual([
    ...fromOihw(
      SAMPLE_KERNEL.map((weight) => 0.5 * weight),
      [3, 3, 1, 2],
    ),
  ]);
});
