/** Backends as they are called on the page and in figures. */
export const ENGINE_NAMES: Readonly<Record<'webgpu' | 'wasm' | 'webgl' | 'cpu', string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  webgl: 'WebGL',
  cpu: 'Plain JavaScript',
};
