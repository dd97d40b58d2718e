import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';

/**
 * Where our own origin serves tfjs's WebAssembly files, by the names tfjs asks for. The threaded build is left out:
 * it needs cross-origin isolation and gained nothing on these small networks (docs/benchmarks.md).
 */
export const WASM_FILES = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
};
