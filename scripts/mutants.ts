import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { pythonWith } from '../src/formats/testing/python.ts';
import { TreeCopy } from './mutants/copy.ts';
import type { Mutant } from './mutants/mutant.ts';
import { MUTANTS } from './mutants/table.ts';

/*
 * Proves that the tests hold the method: puts each wrong version of the table into a copy of the working tree, runs the
 * test that has to fail, and prints the test that killed it. Fails where one survives.
 *
 *   npm run test:mutants [-- WORD]     # all, or those whose file or description holds the word
 *
 * Takes some ten seconds a mutant. Those of the PyTorch bundle need a Python with pytest and torch ($PYTHON).
 */

const reportSchema = z.object({
  numFailedTests: z.number(),
  numPassedTests: z.number(),
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) })),
});

interface Outcome {
  readonly passed: number;
  /** Of the first test that failed. */
  readonly failed: string | undefined;
}

const pytest = pythonWith('pytest', 'torch', 'numpy');
const env = { ...process.env, TEST_BACKENDS: 'cpu', PYTHONDONTWRITEBYTECODE: '1', OMP_NUM_THREADS: '1' };

function runVitest(root: string, test: string): Outcome {
  const report = join(root, 'report.json');
  rmSync(report, { force: true });
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', test, '--root', root, '--reporter=json', `--outputFile=${report}`, '--bail=1'];
  // Golden numbers alone have to do: without a Python.
  spawnSync(process.execPath, args, { cwd: root, env: { ...env, PYTHON: '/nowhere', PATH: '' }, stdio: 'ignore' });
  if (!existsSync(report)) return { passed: 0, failed: undefined };
  const { numPassedTests, testResults } = reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  return { passed: numPassedTests, failed: failed?.fullName };
}

function runPytest(root: string, test: string): Outcome {
  const args = ['-m', 'pytest', '-q', '-x', '-p', 'no:cacheprovider', test];
  const { stdout } = spawnSync(pytest.command ?? '', args, { cwd: root, env, encoding: 'utf8' });
  return {
    passed: Number(/(\d+) passed/.exec(stdout)?.[1] ?? 0),
    failed: /^FAILED \S*?::(\S+)/m.exec(stdout)?.[1],
  };
}

const run = (root: string, test: string) => (test.endsWith('.py') ? runPytest(root, test) : runVitest(root, test));

function main(word: string): number {
  const wanted = MUTANTS.filter(({ file, breaks }) => `${file} ${breaks}`.includes(word));
  const chosen = wanted.filter(({ test }) => !test.endsWith('.py') || pytest.command !== undefined);
  const copy = new TreeCopy(process.cwd());
  const survivors: Mutant[] = [];
  try {
    // A test that fails anyway would kill anything.
    for (const test of new Set(chosen.map((mutant) => mutant.test))) {
      const { passed, failed } = run(copy.root, test);
      if (failed !== undefined || passed === 0)
        throw new Error(`${test} does not pass as it is: ${failed ?? 'no test ran'}`);
    }
    console.log('| file | wrong version | killed by |\n| --- | --- | --- |');
    for (const mutant of chosen) {
      const { failed } = copy.with(mutant, () => run(copy.root, mutant.test));
      if (failed === undefined) survivors.push(mutant);
      console.log(`| ${mutant.file} | ${mutant.breaks} | ${failed ?? '**survives**'} |`);
    }
  } finally {
    copy.dispose();
  }
  const skipped = wanted.length - chosen.length;
  console.log(`\n${chosen.length - survivors.length} of ${chosen.length} killed`);
  if (skipped > 0) console.log(`${skipped} of the PyTorch bundle left out${pytest.skipped}`);
  return survivors.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv[2] ?? '');
