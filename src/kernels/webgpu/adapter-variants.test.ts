import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend } from '@tensorflow/tfjs-core';
import { afterAll, expect, test } from 'vitest';
import { settleVariants } from '../register.ts';
import { describeOn, TEST_BACKENDS } from '../testing/describe-on.ts';
import { everywhere, savedVariants, VARIED_KERNELS } from '../variants.ts';
import { setVariants, usualVariants, variantOf } from './adapter-variants.ts';

test('a saved run keeps its variants, but for one that is gone', () => {
  const saved = { convolution: 'many', product: 'shared', somethingGone: 'few' };
  expect(savedVariants(saved, everywhere('few'))).toEqual({ ...everywhere('few'), convolution: 'many' });
  expect(savedVariants({ convolution: 'shared' }, everywhere('many'))).toEqual(everywhere('many'));
  expect(Object.keys(savedVariants({}, everywhere('many')))).toEqual([...VARIED_KERNELS]);
});

if (TEST_BACKENDS.includes('webgpu')) {
  await describeOn('webgpu', () => {
    // `describeOn` has asserted which backend this is.
    const running = () => backend() as WebGPUBackend;
    const inPlace = () => Object.fromEntries(VARIED_KERNELS.map((kernel) => [kernel, variantOf(running(), kernel)]));
    afterAll(() => setVariants(running(), usualVariants(running())));

    test('a driver on the processor gets few invocations, and a resumed run those that it began with', async () => {
      expect(await settleVariants('webgpu')).toEqual(everywhere('few'));
      expect(inPlace()).toEqual(everywhere('few'));
      const began = { ...everywhere('few'), convolution: 'many' };
      expect(await settleVariants('webgpu', { convolution: 'many' })).toEqual(began);
      expect(inPlace()).toEqual(began);
      expect(await settleVariants('wasm', { convolution: 'many' })).toBeUndefined();
    });
  });
}
