import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const ESCAPES = '\u001b]0;renamed\u0007\u001b[2J';

test.each([
  ['inspect', [`${ESCAPES}.onnx`]],
  ['verify', ['--model', `${ESCAPES}.zip`, '--data', 'synthetic:lfw']],
  ['train', ['--faces', `${ESCAPES}.zip`, '--backend', 'cpu']],
])('npm run %s writes a name that would steer the terminal out in letters', (command, flags) => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', `src/cli/${command}.ts`, ...flags], {
    encoding: 'utf8',
  });
  expect(stdout + stderr).toContain('\\x1b]0;renamed\\x07\\x1b[2J');
  expect(stdout + stderr).not.toContain('\u001b');
});
