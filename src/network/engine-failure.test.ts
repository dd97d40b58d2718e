import { backend } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { describeOn } from '../kernels/testing/describe-on.ts';
import { openForTests } from './testing/open-for-tests.ts';

async function device(): Promise<GPUDevice> {
  // Not at the top: tfjs registers its backend only where navigator.gpu is there already.
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const running = backend();
  return running instanceof WebGPUBackend ? running.device : expect.fail('WebGPU does not run');
}

// One after the other: the second leaves no device behind.
await describeOn('webgpu', () => {
  test('an error of the device that nobody waits for is reported', async () => {
    const engine = await openForTests('webgpu');
    (await device()).createBuffer({ size: 4, usage: 0xffff });
    expect(await engine.failed).toContain('BufferUsage');
  });

  test('a lost device is reported', async () => {
    const engine = await openForTests('webgpu');
    (await device()).destroy();
    expect(await engine.failed).toMatch(/^device lost/);
  });
});
