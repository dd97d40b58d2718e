import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { readModel } from '../../exchange/import/read-model.ts';
import { GraphMaker } from '../../exchange/slim/testing/drawn-models.ts';
import type { PairSource } from '../../faces/benchmark-source.ts';
import { writeSafetensors } from '../../formats/safetensors.ts';
import { type AblationPairs, ablationPairs } from './ablation-pairs.ts';
import { ModelTasks } from './model-tasks.ts';

const path = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
const runtime = async () => new Uint8Array(readFileSync(path)).buffer;
const SIDE = 9;

/** conv 3 -> 6 with filters 1 and 4 of zeros, PReLU, and an embedding of 16 numbers. */
function network(): Uint8Array<ArrayBuffer> {
  const maker = new GraphMaker(2);
  const options = { size: 3, pad: 1, zero: [1, 4], biases: [0.1, 0, 0.2, 0.1, 0, 0.1], name: 'stem' };
  const value = maker.prelu(maker.conv('data', 3, 6, options), 6);
  return maker.finish(maker.dense(value, 6 * SIDE * SIDE, 16), [16], SIDE);
}

async function tasksOf(name: string, bytes: Uint8Array) {
  return new ModelTasks(await readModel([{ name, bytes }]), 'ONNX', runtime);
}

/** Drawn pairs under any name, drawn once. */
const drawn = ablationPairs({ kind: 'drawn', variation: 'lfw', count: 20 }, () => undecodable);
const UNREADABLE = { count: 1, first: [{ path: 'ada/torn.jpg', reason: 'cannot be decoded' }] };
let source: PairSource | undefined;
const pairsNamed = async (name: string): Promise<AblationPairs> => {
  const { shown, open } = await drawn;
  return {
    shown,
    open: async (geometry) => {
      source ??= await open(geometry);
      return { ...source, name, unreadable: UNREADABLE };
    },
  };
};

const undecodable = () => Promise.reject(new Error('no image'));

test('a model names its removable filters, and is made smaller with the same answers', async () => {
  const tasks = await tasksOf('model.onnx', network());
  const { decision, plans } = tasks.removable('CRAFT = 1');
  expect(decision[0]).toMatch(/^2 filters can be removed: −\d+ % parameters/);
  expect([plans?.first.channels, plans?.all.channels, plans?.all.kept]).toEqual([2, 2, []]);
  const photos = [{ path: 'notes.txt', file: new File(['text'], 'notes.txt') }];
  const { bytes, comparison } = await tasks.slim('first', photos, undecodable);
  expect(bytes.length).toBe(plans?.first.after.bytes);
  expect(comparison?.random.largest).toBeLessThan(1e-5);
  // Files that are no images are left out.
  expect(comparison?.faces).toBeUndefined();
  const gray = { width: 20, height: 16, channels: 3, pixels: new Uint8Array(960).fill(99) } as const;
  expect((await tasks.slim('first', photos, async () => gray)).comparison?.faces?.images).toBe(1);
});

test('a dead filter switched off changes nothing, a live one changes embeddings', async () => {
  const tasks = await tasksOf('model.onnx', network());
  const ablation = await tasks.ablation(await pairsNamed('Drawn LFW'));
  expect(ablation.filters).toBe(6);
  expect(await ablation.one(1)).toBeLessThan(1e-6);
  expect(await ablation.one(0)).toBeGreaterThan(1e-3);
  const dead = await ablation.off([1, 4]);
  expect(dead).toMatchObject({ filters: [1, 4], pairs: 'Drawn LFW', pairCount: 20, interval: [0, 0] });
  expect(dead.accuracy[0]).toBe(dead.accuracy[1]);
  const all = await ablation.off([0, 1, 2, 3, 4]);
  expect(all.change).toBeGreaterThan(await ablation.one(0));
  const other = await (await tasks.ablation(await pairsNamed('others'))).off([0]);
  expect([other.pairs, other.pairCount, other.unreadable]).toEqual(['others', 20, UNREADABLE]);
  const ended = ablation.off([0], { signal: AbortSignal.abort(new Error('ended')) });
  await expect(ended).rejects.toThrow('ended');
});

test('weights without a graph are not slimmed, and say why', async () => {
  const data = Float32Array.from({ length: 108 }, (_, i) => i);
  const bytes = writeSafetensors(new Map([['conv1.weight', { shape: [4, 3, 3, 3], data }]]), {});
  const tasks = new ModelTasks(await readModel([{ name: 'model.safetensors', bytes }]), 'safetensors', runtime);
  expect(tasks.removable('')).toMatchObject({
    decision: [
      'safetensors files do not say enough to run the model. Export it as ONNX to see the removable channels.',
    ],
    plans: undefined,
  });
  await expect(tasks.ablation(await pairsNamed('Drawn LFW'))).rejects.toThrow('do not say enough');
});
