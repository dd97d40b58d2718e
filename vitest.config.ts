import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['scripts/property-seed.ts'],
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    // Kernel tests compile shaders on the processor; two cores are all there may be.
    maxWorkers: 2,
    // No test waits for a time: these end one that would never end, on a loaded core of a slow machine too.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
