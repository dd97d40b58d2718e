import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMPILED, compileKernels } from './wasm-kernels.ts';

// A change of the sources that nobody compiled would be tested by nothing.
test('the committed WebAssembly equals the compiled sources', async () => {
  const wanted = await compileKernels();
  expect(readFileSync(COMPILED, 'utf8') === wanted, 'run `npx tsx scripts/wasm-kernels.ts`').toBe(true);
});
