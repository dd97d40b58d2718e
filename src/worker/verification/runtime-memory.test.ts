import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { readRunnable } from '../../exchange/import/runnable-model.ts';
import { sampleOnnx } from '../../exchange/testing/model-samples.ts';
import type { OnnxNodeToWrite } from '../../formats/onnx-writer.ts';
import { OnnxNetwork } from './onnx-network.ts';

const runtime = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
const CODING = { scaling: 'auto', colours: 'RGB' } as const;
const MIB = 2 ** 20;
/** That a small file may take. */
const MOST = 384 * MIB;
const SIDE = 112;

const plainMemory = WebAssembly.Memory;
const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow');
let before = 0;
beforeEach(() => {
  before = largestMemory();
  grow.mockClear();
});
afterAll(() => grow.mockRestore());

/** The largest memory of WebAssembly that grew in the test. */
function largestMemory(): number {
  return Math.max(
    before,
    ...grow.mock.contexts.map((memory) => (memory instanceof plainMemory ? memory.buffer.byteLength : Number.NaN)),
  );
}

const node = (operator: string, inputs: readonly string[], output: string, attributes = {}): OnnxNodeToWrite => ({
  name: output,
  operator,
  inputs,
  output,
  attributes,
});
const sizes = (output: string, values: readonly number[]) => node('Constant', [], output, { value_ints: values });
const scales = (...values: readonly number[]) => ({ shape: [values.length], values: Float32Array.from(values) });

/** A network of a few hundred bytes: `front` makes "big" of "data", then a convolution and the mean of its places. */
function network(
  front: readonly OnnxNodeToWrite[],
  { scale = 100, opset = 17, images = 'N' }: { scale?: number; opset?: number; images?: number | string } = {},
) {
  return sampleOnnx({
    opset,
    nodes: [
      ...front,
      node('Conv', ['big', 'w'], 'a', { strides: [64, 64] }),
      node('GlobalAveragePool', ['a'], 'p'),
      node('Flatten', ['p'], 'out'),
    ],
    tensors: new Map([
      ['w', { shape: [8, 3, 1, 1], values: Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)) }],
      ['scales', scales(1, 1, scale, scale)],
    ]),
    input: { name: 'data', shape: [images, 3, SIDE, SIDE] },
    output: { name: 'out', shape: ['N', 8] },
  });
}

function open(bytes: Uint8Array) {
  const model = readRunnable([{ name: 'model.onnx', bytes }]);
  if (model.kind !== 'onnx') throw new Error('no ONNX model');
  return OnnxNetwork.open(model, new Uint8Array(readFileSync(runtime)).buffer);
}

/** Opens it and embeds images, as the page and the command line do. */
async function embed(bytes: Uint8Array) {
  const opened = await open(bytes);
  try {
    const indices = Int32Array.from({ length: 16 }, (_, image) => image);
    const images = Uint8Array.from({ length: 16 * SIDE * SIDE * 3 }, (_, i) => (i * 7919) % 251);
    return (await opened.coded(CODING).embedFaces({ images, size: SIDE }, indices)).original;
  } finally {
    await opened.close();
  }
}

const enlarged = (inputs: readonly string[]) => [node('Resize', inputs, 'big')];
const mean = node('GlobalAveragePool', ['data'], 'mean');

const huge: readonly (readonly [string, readonly OnnxNodeToWrite[], string, number])[] = [
  ['Resize', enlarged(['data', '', 'scales']), '1.5 GB', 17],
  ['Resize', [sizes('s', [1, 3, 20_000, 20_000]), ...enlarged(['data', '', '', 's'])], '4.8 GB', 17],
  ['Upsample', [node('Upsample', ['data', 'scales'], 'big')], '1.5 GB', 9],
  ['Expand', [mean, sizes('s', [1, 3, 9000, 9000]), node('Expand', ['mean', 's'], 'big')], '1.0 GB', 17],
  ['Tile', [sizes('s', [1, 1, 100, 100]), node('Tile', ['data', 's'], 'big')], '1.5 GB', 17],
  ['Pad', [sizes('s', [0, 0, 0, 0, 0, 0, 9000, 9000]), node('Pad', ['data', 's'], 'big')], '1.0 GB', 17],
  [
    'ConstantOfShape',
    [sizes('s', [1, 3, 9000, 9000]), node('ConstantOfShape', ['s'], 'z'), mean, node('Add', ['z', 'mean'], 'big')],
    '1.0 GB',
    17,
  ],
];
it.each(huge)(
  'a small file that asks %s for a huge tensor is refused before it runs',
  async (operator, front, size, opset) => {
    await expect(embed(network(front, { opset }))).rejects.toThrow(
      new RegExp(
        `^The model needs ${size} for one image at "\\w+" \\(${operator}\\); a model of its size may take 384 MB\\.$`,
      ),
    );
    expect(largestMemory() - before).toBeLessThanOrEqual(MOST);
  },
);

/** Behind an operator whose shape our reader does not know. */
const unknown = node('Sin', ['data'], 'x');
it.each([
  ['Resize', [unknown, ...enlarged(['x', '', 'scales'])]],
  [
    'Expand',
    [unknown, node('GlobalAveragePool', ['x'], 'm'), sizes('s', [1, 3, 9000, 9000]), node('Expand', ['m', 's'], 'big')],
  ],
  ['Tile', [unknown, sizes('s', [1, 1, 80, 80]), node('Tile', ['x', 's'], 'big')]],
  [
    'ConstantOfShape',
    [
      unknown,
      node('Shape', ['x'], 'n'),
      sizes('k', [1, 1, 80, 80]),
      node('Mul', ['n', 'k'], 's'),
      node('ConstantOfShape', ['s'], 'big'),
    ],
  ],
] as const)('one whose shapes are not known stops at the memory of the runtime: %s', async (_, front) => {
  await expect(embed(network(front))).rejects.toThrow(
    /^The model takes too much memory: more than the 384 MB that a model of its size may use\.$/,
  );
  expect(largestMemory() - before).toBeLessThanOrEqual(MOST);
});

it('many tensors that are large only together stop there as well', async () => {
  // Equal operators would be computed once.
  const parts = Array.from({ length: 60 }, (_, i) => i).flatMap((i) => [
    node('LeakyRelu', ['data'], `l${i}`, { alpha: { float: i / 100 } }),
    node('Resize', [`l${i}`, '', 'scales'], `r${i}`),
  ]);
  const sum = node(
    'Sum',
    Array.from({ length: 60 }, (_, i) => `r${i}`),
    'big',
  );
  await expect(embed(network([...parts, sum], { scale: 10 }))).rejects.toThrow(/^The model takes too much memory/);
  expect(largestMemory() - before).toBeLessThanOrEqual(MOST);
});

/** Sizes that are cut from a constant larger than a reader may make. */
const costly = [
  sizes('n', [20_000_000]),
  node('ConstantOfShape', ['n'], 'c'),
  sizes('b', [0]),
  sizes('e', [4]),
  node('Slice', ['c', 'b', 'e'], 't'),
  node('Tile', ['data', 't'], 'tiled'),
];
it.each([
  ['', []],
  [' beside a constant that is too large', costly],
])('a model that would take minutes for one image is refused%s', async (_, beside) => {
  const front = [
    ...beside,
    node('Resize', ['data', '', 'scales'], 'x'),
    ...Array.from({ length: 200 }, (_, i) =>
      node('Conv', [i === 0 ? 'x' : `x${i}`, 'k'], `x${i + 1}`, { pads: [16, 16, 16, 16] }),
    ),
    node('Relu', ['x200'], 'big'),
  ];
  const bytes = sampleOnnx({
    nodes: [...front, node('GlobalAveragePool', ['big'], 'p'), node('Flatten', ['p'], 'out')],
    tensors: new Map([
      ['k', { shape: [3, 3, 33, 33], values: new Float32Array(9 * 33 * 33) }],
      ['scales', scales(1, 1, 4, 4)],
    ]),
    input: { name: 'data', shape: ['N', 3, SIDE, SIDE] },
    output: { name: 'out', shape: ['N', 3] },
  });
  await expect(open(bytes)).rejects.toThrow(
    /^The model takes more than 100 thousand million multiply-adds for one image/,
  );
});

it('a fixed number of images beyond the memory is refused', async () => {
  const bytes = network([node('Relu', ['data'], 'big')], { images: 100_000 });
  await expect(open(bytes)).rejects.toThrow(
    /^The model takes 100.000 images at a time; at most 445 of its size are run/,
  );
});

it('a sound model runs behind the refused ones, one image at a time where several take too much', async () => {
  const small = await embed(network([node('Relu', ['data'], 'big')]));
  const large = await embed(network(enlarged(['data', '', 'scales']), { scale: 20 }));
  expect([small.length, large.length]).toEqual([128, 128]);
  expect([...small, ...large].every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
  // The runtime keeps the tensors of the refused ones.
  expect(largestMemory()).toBeLessThanOrEqual(3 * MOST);
  expect(WebAssembly.Memory).toBe(plainMemory);
});
