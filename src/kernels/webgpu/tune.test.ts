import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend, memory as tensorMemory } from '@tensorflow/tfjs-core';
import { afterAll, expect, test, vi } from 'vitest';
import { describeOn, TEST_BACKENDS } from '../testing/describe-on.ts';
import { everywhere, shortMemory, VARIED_KERNELS, type VariantChoice } from '../variants.ts';
import { setVariants, usualVariants, variantOf } from './adapter-variants.ts';
import { tune } from './tune.ts';

// The first measurement compiles a convolution, which takes SwiftShader seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

if (TEST_BACKENDS.includes('webgpu')) {
  await describeOn('webgpu', () => {
    // `describeOn` has asserted which backend this is.
    const running = () => backend() as WebGPUBackend;
    const inPlace = () => Object.fromEntries(VARIED_KERNELS.map((kernel) => [kernel, variantOf(running(), kernel)]));
    afterAll(() => setVariants(running(), usualVariants(running())));

    test('the choice of the first start is applied at the next, without measuring', async () => {
      const memory = shortMemory();
      const keep = vi.spyOn(memory, 'keep');
      const before = { tensors: tensorMemory().numTensors, data: running().numDataIds() };
      const first = await tune({ memory }, true);
      expect(inPlace()).toEqual(first);
      expect(keep).toHaveBeenCalledOnce();
      expect({ tensors: tensorMemory().numTensors, data: running().numDataIds() }).toEqual(before);
      setVariants(running(), everywhere('many'));
      expect(await tune({ memory }, true)).toEqual(first);
      expect(inPlace()).toEqual(first);
      expect(keep).toHaveBeenCalledOnce();
    });

    test('a resumed run gets the variants it started with, not the remembered ones', async () => {
      const remembered = { find: async () => everywhere('few'), keep: vi.fn<(adapter: string) => Promise<void>>() };
      const began: VariantChoice = { ...everywhere('few'), product: 'many' };
      expect(await tune({ memory: remembered, fixed: began }, true)).toEqual(began);
      expect(inPlace()).toEqual(began);
      expect(remembered.keep).not.toHaveBeenCalled();
    });

    test('a driver on the processor is not measured, but resumes with the variants of its run', async () => {
      const memory = {
        find: vi.fn<(adapter: string) => Promise<unknown>>(),
        keep: async () => expect.fail('measured'),
      };
      expect(await tune({ memory })).toEqual(everywhere('few'));
      expect(await tune({ memory, fixed: { convolution: 'many' } })).toEqual({
        ...everywhere('few'),
        convolution: 'many',
      });
      expect(inPlace()).toEqual({ ...everywhere('few'), convolution: 'many' });
    });
  });
}
