import { readFileSync } from 'node:fs';

/** The outcomes of the tests of a run. */
export interface TestCount {
  passed: number;
  failed: number;
  skipped: number;
}

/** Reads a runner's JSON report; a run that left none is one failure. */
export function passesOf(runner: 'vitest' | 'playwright', report: string): TestCount {
  try {
    const json: unknown = JSON.parse(readFileSync(report, 'utf8'));
    return runner === 'vitest' ? vitestCount(json) : playwrightCount(json);
  } catch (error) {
    console.error(`${runner} left no report: ${error}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function numberAt(json: unknown, key: string): number {
  if (typeof json !== 'object' || json === null) return 0;
  const value: unknown = Reflect.get(json, key);
  return typeof value === 'number' ? value : 0;
}

function vitestCount(json: unknown): TestCount {
  return {
    passed: numberAt(json, 'numPassedTests'),
    failed:
      numberAt(json, 'numFailedTests') +
      numberAt(json, 'numFailedTestSuites') * (numberAt(json, 'numFailedTests') > 0 ? 0 : 1),
    skipped: numberAt(json, 'numPendingTests') + numberAt(json, 'numTodoTests'),
  };
}

function playwrightCount(json: unknown): TestCount {
  const stats: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, 'stats') : undefined;
  return {
    passed: numberAt(stats, 'expected'),
    failed: numberAt(stats, 'unexpected') + numberAt(stats, 'flaky'),
    skipped: numberAt(stats, 'skipped'),
  };
}
