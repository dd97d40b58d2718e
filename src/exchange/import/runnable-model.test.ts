import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { CRAFT, STANDARD } from '../../config/arm.ts';
import { EXPORT_FORMATS, exportNetwork } from '../export/export-network.ts';
import { ModelProblem } from '../model-problem.ts';
import { bundleOnDisk } from '../pytorch/node/bundle-on-disk.ts';
import { writeRunArchive } from '../run-archive.ts';
import { embeddingsOf } from '../testing/engine.ts';
import { largestDifference, smallConfig, testImages, trainedNetwork } from '../testing/trained.ts';
import { readRunnable } from './runnable-model.ts';

const options = { batchNorm: 'kept', version: '1.0', bundle: bundleOnDisk() } as const;

describe('networks saved by the playground run as they did', () => {
  for (const body of ['plain', 'iresnet10'] as const) {
    for (const format of ['safetensors', 'tfjs', 'pytorch'] as const) {
      test(`${EXPORT_FORMATS[format].label} of a ${body} body`, async () => {
        const trained = trainedNetwork(smallConfig({ body }));
        const { name, bytes } = exportNetwork(trained, { format, ...options });
        const model = readRunnable([{ name, bytes }]);
        if (model.kind !== 'own') throw new Error('not taken for our own');
        expect(model).toMatchObject({ step: 120, config: { body, imageSize: 20 } });
        const [arm] = model.arms;
        expect(arm?.name).toBe('craft');
        const images = testImages(3, 20);
        const found = await embeddingsOf({ ...trained, state: arm?.state ?? new Map() }, images);
        expect(largestDifference(found, await embeddingsOf(trained, images))).toBe(0);
      });
    }
  }

  test('a run: both arms, with its step', () => {
    const { config, state } = trainedNetwork(smallConfig());
    const arms = [
      { ...STANDARD, state },
      { ...CRAFT, state },
    ];
    const engine = { backend: 'cpu', adapter: '' };
    const bytes = writeRunArchive({ config, step: 7, arms, version: '1', engine });
    expect(readRunnable([{ name: 'run.zip', bytes }])).toMatchObject({
      kind: 'own',
      format: 'run',
      step: 7,
      arms: [{ name: 'standard' }, { name: 'craft' }],
    });
  });

  test('ONNX is kept as it is, with the region it was trained on', () => {
    const trained = trainedNetwork(smallConfig({ region: 'tight', seed: 5 }));
    const { name, bytes } = exportNetwork(trained, { format: 'onnx', ...options });
    expect(readRunnable([{ name, bytes }])).toMatchObject({ kind: 'onnx', region: 'tight', config: { seed: 5 } });
  });
});

describe('refused models', () => {
  const problem = (name: string, bytes: Uint8Array) => {
    try {
      readRunnable([{ name, bytes }]);
    } catch (error) {
      if (error instanceof ModelProblem) return `${error.message} ${error.hint}`;
      throw error;
    }
    return 'read';
  };
  const { bytes: safetensors } = exportNetwork(trainedNetwork(smallConfig()), { format: 'safetensors', ...options });

  test.each([
    ['empty.onnx', new Uint8Array(0), /"empty.onnx" is empty/],
    ['notes.txt', strToU8('Filters that fade, and filters that come back.'), /no network that the playground can run/],
    ['weights.pt', new Uint8Array([0x80, 2, 0x7d, 0x71, 0, 0x2e]), /export ONNX/],
    ['others.zip', zipSync({ 'a.txt': strToU8('a') }), /no network that the playground can run/],
    ['cut.safetensors', safetensors.slice(0, safetensors.length - 8), /\w/],
  ] as const)('%s', (name, bytes, sentence) => {
    expect(problem(name, bytes)).toMatch(sentence);
  });

  test("another's .safetensors names the missing parts", () => {
    const header = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    const bytes = new Uint8Array(8 + header.length + 4);
    bytes[0] = header.length;
    bytes.set(strToU8(header), 8);
    expect(problem('other.safetensors', bytes)).toMatch(/not how to compute with them/);
  });

  test('weights that are not those of their settings', () => {
    const text = new TextDecoder('latin1').decode(safetensors).replace('\\"filters\\":8', '\\"filters\\":9');
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    expect(problem('edited.safetensors', bytes)).toMatch(/not those of the settings/);
  });
});
