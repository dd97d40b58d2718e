import { getBackend } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { describeAdapter } from './adapter.ts';
import { EngineError, openEngine } from './backend.ts';

function adapter(info: Partial<GPUAdapterInfo>) {
  const all = { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false, ...info };
  // Only the fields that are read: a browser's adapter cannot be made by hand.
  return { info: all as GPUAdapterInfo };
}

function pretendGpu(requestAdapter: () => Promise<unknown>): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter } });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('adapters', () => {
  test.each([
    [{ vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H200' }, 'NVIDIA H200', false],
    [{ vendor: 'apple', architecture: 'metal-3' }, 'apple metal-3', false],
    [{ vendor: 'google', architecture: 'swiftshader' }, 'SwiftShader (software)', true],
    [{ vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6)' }, 'llvmpipe (LLVM 15.0.6) (software)', true],
    [{ vendor: 'microsoft', description: 'Something', isFallbackAdapter: true }, 'Something (software)', true],
  ])('%o is %s', (info, name, software) => {
    expect(describeAdapter(adapter(info))).toEqual({ name, software });
  });
});

describe('opening an engine', () => {
  test('automatic takes WebAssembly where the only adapter is emulated', async () => {
    pretendGpu(async () => adapter({ architecture: 'swiftshader' }));
    const engine = await openEngine({ preference: 'auto' });
    expect(engine.info).toEqual({ backend: 'wasm', adapter: 'SIMD', software: false });
    expect(getBackend()).toBe('wasm');
    expect(engine.bytes()).toBeGreaterThanOrEqual(0);
  });

  test.each([
    ['no-api', () => vi.stubGlobal('navigator', {})],
    ['no-adapter', () => pretendGpu(async () => null)],
    ['request-failed', () => pretendGpu(() => Promise.reject(new Error('blocked')))],
  ] as const)('WebGPU asked for by name: %s', async (code, pretend) => {
    pretend();
    const error = await openEngine({ preference: 'webgpu' }).catch((reason: unknown) => reason);
    if (!(error instanceof EngineError)) return expect.fail('an EngineError was expected');
    expect(error.code).toBe(code);
    expect(error.hint).toContain('WebAssembly');
  });
});
