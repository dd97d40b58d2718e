import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { architectureOf, firstKernelShape, firstLayerConsumers, multiplyAdds } from './architecture.ts';
import { initialValues, parameterCount, parametersOf, sizeOf } from './parameters.ts';

describe('architectures', () => {
  test('the plain body halves three times and widens to 1.5 and 2 times its width', () => {
    const architecture = architectureOf({ ...DEFAULT_CONFIG, filters: 16, width: 32, imageSize: 40 }, 10);
    expect(architecture.body.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [16, 32],
      [32, 48],
      [48, 64],
    ]);
    const convolutions = 40 ** 2 * 27 * 16 + 20 ** 2 * 9 * 16 * 32 + 10 ** 2 * 9 * 32 * 48 + 5 ** 2 * 9 * 48 * 64;
    expect(multiplyAdds(architecture)).toBe(convolutions + (5 * 5 * 64 + 10) * 64);
    expect(architecture.features).toBe(5 * 5 * 64);
    expect(firstKernelShape(architecture)).toEqual([3, 3, 3, 16]);
  });

  test("a 112 px IResNet-18 of width 64 has InsightFace's parameters", () => {
    const config = {
      ...DEFAULT_CONFIG,
      body: 'iresnet18',
      filters: 64,
      width: 64,
      imageSize: 112,
      embeddingSize: 512,
    } as const;
    const architecture = architectureOf(config, 1000);
    // iresnet18() of arcface_torch counts 24,025,600: with the 512 of the dense layer's bias and of the frozen scale.
    const backbone = parametersOf(architecture).filter(
      ({ name, role }) => role === 'trained' && name !== 'head.weight',
    );
    expect(architecture.features).toBe(25_088);
    // arcface_torch's README: 2.62 GFLOPs for r18, multiply and add as one.
    expect(multiplyAdds(architectureOf(config, 0)) / 1e9).toBeCloseTo(2.62, 1);
    expect(parameterCount(backbone)).toBe(24_025_600 - 2 * 512);
  });

  test.each(['plain', 'iresnet10', 'iresnet18', 'iresnet34'] as const)(
    'the consumers of the first layer of %s are kernels that read its channels, and all of them',
    (body) => {
      const architecture = architectureOf({ ...DEFAULT_CONFIG, body, filters: 40, width: 16 }, 10);
      const consumers = firstLayerConsumers(architecture);
      const reading = parametersOf(architecture).filter(({ shape }) => shape.length === 4 && shape[2] === 40);
      expect(consumers).toEqual(reading.map(({ name }) => name));
    },
  );

  test('an odd size is halved upwards, down to one', () => {
    expect(architectureOf({ ...DEFAULT_CONFIG, body: 'iresnet34', width: 8, imageSize: 24 }, 2).features).toBe(
      2 * 2 * 64,
    );
    expect(architectureOf({ ...DEFAULT_CONFIG, body: 'iresnet10', width: 8, imageSize: 16 }, 2).features).toBe(64);
  });
});

describe('first weights', () => {
  const parameters = parametersOf(architectureOf(DEFAULT_CONFIG, 50));
  const valuesOf = (name: string, seed = 1) => {
    const spec = parameters.find((one) => one.name === name);
    return spec ? initialValues(spec, seed) : expect.fail(name);
  };

  test('convolutions are N(0, 0.1), class centres N(0, 0.01), slopes 0.25, scales 1, shifts 0', () => {
    const deviation = (values: Float32Array) =>
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    expect(deviation(valuesOf('body.1.conv.weight'))).toBeCloseTo(0.1, 2);
    expect(deviation(valuesOf('head.weight'))).toBeCloseTo(0.01, 3);
    expect(new Set(valuesOf('stem.prelu.weight'))).toEqual(new Set([0.25]));
    expect(new Set(valuesOf('stem.bn.weight'))).toEqual(new Set([1]));
    expect(new Set(valuesOf('stem.bn.bias'))).toEqual(new Set([0]));
  });

  test.each(['plain', 'iresnet10'] as const)('every tensor of a %s body begins as PyTorch would have it', (body) => {
    for (const spec of parametersOf(architectureOf({ ...DEFAULT_CONFIG, body }, 50))) {
      const values = initialValues(spec, 1);
      const wanted = firstValue(spec.name);
      if (wanted !== undefined) {
        expect(new Set(values), spec.name).toEqual(new Set([wanted]));
        continue;
      }
      // Of n numbers, the deviation is known to one part in sqrt(2 n); five times that is out of reach of chance.
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
      const features = spec.shape[1] ?? 1;
      const expected =
        spec.name === 'head.weight' ? 0.01 : spec.name === 'embedding.weight' ? 1 / Math.sqrt(3 * features) : 0.1;
      const off = Math.abs(deviation / expected - 1);
      expect(off, spec.name).toBeLessThan(5 / Math.sqrt(2 * sizeOf(spec.shape)));
    }
  });

  test('the scale of the embedding is frozen, and nothing else', () => {
    const frozen = parametersOf(architectureOf(DEFAULT_CONFIG, 50)).filter(({ role }) => role === 'frozen');
    expect(frozen.map(({ name }) => name)).toEqual(['embedding.bn.weight']);
  });

  test('depend on seed and name alone: a wider body leaves the first layer as it is', () => {
    const wide = parametersOf(architectureOf({ ...DEFAULT_CONFIG, width: 64 }, 9)).find(
      ({ name }) => name === 'stem.conv.weight',
    );
    expect(wide && initialValues(wide, 1)).toEqual(valuesOf('stem.conv.weight'));
    expect(valuesOf('stem.conv.weight', 2)).not.toEqual(valuesOf('stem.conv.weight'));
  });
});

/** The value that fills a tensor at first; undefined where it is drawn. */
function firstValue(name: string): number | undefined {
  if (name.endsWith('prelu.weight')) return 0.25;
  if (name.endsWith('running_mean') || name.endsWith('.bias')) return 0;
  const ofNorm = /(bn\d?|downsample\.1)\.(weight|running_var)$/;
  return ofNorm.test(name) ? 1 : undefined;
}
