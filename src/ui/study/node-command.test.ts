import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { evaluationOf } from '../../study/evaluation.ts';
import { nodeCommand } from './node-command.ts';

test('the command names the faces and the files that study.json does not hold', () => {
  const command = (faces: 'own' | 'synthetic', ...data: string[]) =>
    nodeCommand({ config: { ...DEFAULT_CONFIG, faces }, evaluations: data.map(evaluationOf) });
  expect(command('synthetic', 'synthetic:lfw')).toBe('npm run study -- study.json --out results');
  expect(command('own', 'lfw.bin', "Ann's pairs")).toBe(
    "npm run study -- study.json --faces PATH --data lfw.bin --data 'Ann'\\''s pairs' --out results",
  );
});
