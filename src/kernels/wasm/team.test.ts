import { expect, test } from 'vitest';
import { packStrips } from './dense.ts';
import { instantiateKernels } from './module.ts';
import { ThreadTeam } from './team.ts';
import { CONTROL, type TeamMemory } from './team-memory.ts';

test('a member that dies in the middle of a chunk is waited for, and later loops are refused', async () => {
  const heap = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const kernels = (await instantiateKernels(heap)) ?? expect.fail('no SIMD');
  const memories: TeamMemory[] = [];
  let dies = false;
  // A member in name: its only act is to take a chunk, while this thread does another, and never to finish it.
  const packColumns = () => {
    const [memory] = memories;
    if (dies && memory !== undefined) Atomics.add(memory.control, CONTROL.tickets, 1);
    dies = false;
  };
  const team = new ThreadTeam({ ...kernels, packColumns }, heap);
  team.nap = 1;
  team.resize(2, (memory) => memories.push(memory));
  const run = (chunks: number) => team.run(packStrips, [0, 4, 8 * chunks, 0, chunks], chunks);
  expect(() => run(3)).not.toThrow();
  dies = true;
  expect(() => run(3)).toThrow('A thread has not done its part of a kernel in 0.06 seconds.');
  expect(dies).toBe(false);
  for (const chunks of [1, 3]) expect(() => run(chunks)).toThrow('has not done its part');
});
