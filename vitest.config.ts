import { defineConfig } from 'vitest/config';

/** Tests that have a process for themselves: of whole commands, of devices that are lost, of an engine that shares its steps. */
const ALONE = [
  'src/cli/**/*.test.ts',
  'src/network/**/*.test.ts',
  'src/training/{compile-kernels,embed-faces,session.webgpu,step-threads}.test.ts',
  'scripts/**/*.test.ts',
];

const KERNELS = 'src/kernels/**/*.test.ts';

const COMMON = {
  // No test waits for a time: these end one that would never end, on a loaded core of a slow machine too.
  testTimeout: 600_000,
  hookTimeout: 600_000,
  setupFiles: ['scripts/property-seed.ts', 'scripts/own-globals.ts'],
};

export default defineConfig({
  test: {
    // Kernel tests compile shaders on the processor; two cores are all there may be.
    maxWorkers: 2,
    projects: [
      // Loading its modules is most of the time of a small test: files share them.
      {
        test: { ...COMMON, name: 'pure', isolate: false, include: ['src/**/*.test.ts'], exclude: [...ALONE, KERNELS] },
      },
      { test: { ...COMMON, name: 'kernels', isolate: false, include: [KERNELS] } },
      { test: { ...COMMON, name: 'alone', include: ALONE } },
    ],
  },
});
