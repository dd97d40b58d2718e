import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { pythonWith, textFrom } from '../../formats/testing/python.ts';

const ruff = pythonWith('ruff');
const pytest = pythonWith('pytest', 'torch', 'numpy');
const repository = fileURLToPath(new URL('../../../', import.meta.url));

test.skipIf(ruff.command === undefined)(`ruff finds nothing in any Python file${ruff.skipped}`, () => {
  const folders = ['src', 'scripts', 'bench'];
  const checked = textFrom(ruff.run(['-m', 'ruff', 'check', '--no-cache', ...folders], { cwd: repository }));
  expect(checked).toContain('All checks passed!');
  const formatted = textFrom(
    ruff.run(['-m', 'ruff', 'format', '--no-cache', '--check', ...folders], { cwd: repository }),
  );
  expect(formatted).toContain('already formatted');
});

test.skipIf(pytest.command === undefined)(`the bundle's own tests pass${pytest.skipped}`, () => {
  const tests = fileURLToPath(new URL('tests', import.meta.url));
  const output = textFrom(
    pytest.run(['-m', 'pytest', '-q', '-p', 'no:cacheprovider', tests], { cwd: repository, timeout: 590_000 }),
  );
  expect(output).toMatch(/^\d+ passed/m);
});
