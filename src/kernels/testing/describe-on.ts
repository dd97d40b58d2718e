import { enableProdMode, env, getBackend, ready, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { installWebGpu } from '../node/webgpu-in-node.ts';
import { BACKEND_NAMES, type BackendName, registerKernels } from '../register.ts';

/** Backends the tests run on in Node: all, or those TEST_BACKENDS names ("wasm,webgpu"). WebGL needs a browser. */
export const TEST_BACKENDS: readonly BackendName[] = BACKEND_NAMES.filter((name) =>
  (process.env.TEST_BACKENDS ?? 'cpu,wasm,webgpu').split(',').includes(name),
);

/**
 * Describes tests that run on one backend, and asserts that they do. Where the backend is not to be had they are
 * skipped with the reason in their title, or fail where REQUIRE_WEBGPU is 1. To be awaited at the top of a test file.
 */
export async function describeOn(name: BackendName, tests: () => void): Promise<void> {
  if (!TEST_BACKENDS.includes(name)) {
    describe.skip(`on ${name} (skipped: not one of TEST_BACKENDS)`, tests);
    return;
  }
  const missing = name === 'webgpu' ? await installWebGpu() : undefined;
  if (missing !== undefined) {
    if (process.env.REQUIRE_WEBGPU === '1') test(`on ${name}`, () => expect.fail(missing));
    else describe.skip(`on ${name} (skipped: ${missing})`, tests);
    return;
  }
  describe(`on ${name}`, () => {
    beforeAll(async () => {
      await switchTo(name);
      expect(getBackend()).toBe(name);
      if (name === 'webgpu') await expectNamedDriver();
    });
    tests();
  });
}

/** Where WEBGPU_DRIVER names Mesa's lavapipe, the adapter is no other. */
async function expectNamedDriver(): Promise<void> {
  if (!/\/lvp_icd[^/]*$/.test(process.env.WEBGPU_DRIVER ?? '')) return;
  const adapter = await navigator.gpu.requestAdapter();
  expect(`${adapter?.info.device} ${adapter?.info.description}`).toMatch(/llvmpipe/i);
}

/** Makes a backend the current one, with its kernels. Throws where it does not start. */
export async function switchTo(name: BackendName): Promise<void> {
  if (getBackendOrNone() === name) return;
  // Else tfjs gives advice on the console.
  enableProdMode();
  switch (name) {
    case 'webgpu':
      await import('@tensorflow/tfjs-backend-webgpu');
      // Else tfjs computes small tensors on the processor, and the test would see nothing of the device.
      env().set('WEBGPU_CPU_FORWARD', false);
      break;
    case 'wasm':
      await import('@tensorflow/tfjs-backend-wasm');
      break;
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      break;
    case 'webgl':
      throw new Error('WebGL needs a browser.');
  }
  if (!(await setBackend(name))) throw new Error(`The backend ${name} did not start.`);
  await ready();
  if (!registered.has(name)) await registerKernels(name);
  registered.add(name);
}

const registered = new Set<BackendName>();

function getBackendOrNone(): string | undefined {
  return registered.size === 0 ? undefined : getBackend();
}
