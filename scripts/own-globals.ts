import { afterAll, vi } from 'vitest';

// Files share a process: a global that one has replaced is restored before the next.
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});
