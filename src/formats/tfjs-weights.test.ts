import { io } from '@tensorflow/tfjs-core';
import { Budget } from './budget.ts';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { FormatProblem } from './problem.ts';
import { parseManifest, readTfjsWeights } from './tfjs-weights.ts';

const SPECS = [
  { name: 'plain', shape: [2, 2], dtype: 'float32' },
  { name: 'byte', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.013, min: -1.7 } },
  { name: 'word', shape: [2], dtype: 'float32', quantization: { dtype: 'uint16', scale: 0.00031, min: 0.4 } },
  { name: 'half', shape: [4], dtype: 'float32', quantization: { dtype: 'float16' } },
  { name: 'count', shape: [1], dtype: 'int32' },
] satisfies io.WeightsManifestEntry[];

/** Any bytes are numbers of some type; halves of 0, 1, -2 and a denormal. */
const DATA = Uint8Array.of(
  ...new Uint8Array(Float32Array.of(1, -2.5, 1e-20, 3e20).buffer),
  0,
  128,
  255,
  ...[0x34, 0x12, 0xff, 0xff],
  ...new Uint8Array(Uint16Array.of(0, 0x3c00, 0xc000, 0x0001).buffer),
  ...new Uint8Array(Int32Array.of(7).buffer),
);

function read(paths: readonly string[], shards: Readonly<Record<string, Uint8Array>>) {
  const manifest = parseManifest([{ paths, weights: SPECS }]) ?? expect.fail('no manifest');
  return readTfjsWeights(manifest, (path) => shards[path], new Budget(1000));
}

describe('weights of TensorFlow.js', () => {
  it('are the numbers tfjs makes of them, with any quantisation, in one file or several', async () => {
    const reference = io.decodeWeights(DATA.slice().buffer, SPECS);
    for (const tensors of [
      read(['all'], { all: DATA }),
      read(['a', 'b'], { a: DATA.subarray(0, 17), b: DATA.subarray(17) }),
    ]) {
      for (const { name, floats } of tensors.filter((tensor) => tensor.name !== 'count')) {
        expect(floats()).toEqual(new Float32Array(await (reference[name]?.data<'float32'>() ?? [])));
      }
      expect(tensors.find(({ name }) => name === 'count')?.floats()).toBeUndefined();
    }
  });

  it.each([
    ['a missing file', ['a', 'b'], { a: DATA }, 'truncated'],
    ['a short file', ['a'], { a: DATA.subarray(0, 20) }, 'truncated'],
    ['a file named twice', ['a', 'a'], { a: DATA }, 'inconsistent'],
  ] as const)('%s is refused', (_, paths, shards, code) => {
    expect(() => read(paths, shards)).toThrow(FormatProblem);
    expect(() => read(paths, shards)).toThrow(expect.objectContaining({ code }));
  });
});
