import { expect, test } from 'vitest';
import { shareImport, withSharedMemory } from './shared-memory.ts';

/** A module out of these sections. */
function moduleOf(...sections: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...sections.flat()]);
}

const TYPES = [1, 4, 1, 96, 0, 0];
/** One page, two at most; of any length in front, a section of the user's own. */
const MEMORY = [5, 4, 1, 1, 1, 2];
const OWN = [0, 0x81, 0x02, 1, 120, ...new Array<number>(255).fill(5)];

test('a memory with a maximum becomes a shared one, behind sections of any length', async () => {
  const module = moduleOf(TYPES, OWN, MEMORY, [7, 5, 1, 1, 109, 2, 0]);
  const shared = withSharedMemory(module) ?? expect.fail('no memory');
  const { instance } = await WebAssembly.instantiate(shared);
  const { m } = instance.exports;
  expect(m instanceof WebAssembly.Memory && m.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(withSharedMemory(shared)).toBeUndefined();
  expect(module.at(-10)).toBe(1);
});

test('no memory, or one without a maximum, stays as it is', () => {
  expect(withSharedMemory(moduleOf(TYPES))).toBeUndefined();
  expect(withSharedMemory(moduleOf(TYPES, [5, 3, 1, 0, 1]))).toBeUndefined();
});

test('an imported memory is declared shared or not; a module without one is refused', () => {
  const names = [3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121];
  const module = moduleOf([2, 16, 1, ...names, 2, 3, 1, 2]);
  for (const shared of [true, false]) {
    shareImport(module, shared);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared });
    expect(() => new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } })).not.toThrow();
  }
  expect(() => shareImport(moduleOf(MEMORY), true)).toThrow('imports no memory');
});
