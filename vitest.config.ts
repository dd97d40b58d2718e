import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['scripts/property-seed.ts'],
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    // Kernel tests compile shaders on the processor; two cores are all there may be.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
