import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

const WORKFLOWS = new URL('../.github/workflows/', import.meta.url);
const packageSchema = z.object({ scripts: z.record(z.string(), z.string()) });

/** Scripts of package.json that a workflow runs. */
function scriptsOf(workflow: string): readonly string[] {
  const named = [...workflow.matchAll(/\bnpm (?:run |(?=test\b|start\b))(?:-s |--silent )?([\w:-]+)/g)];
  return named.map(([, script = '']) => script);
}

it.each(readdirSync(WORKFLOWS))('every npm script of %s is in package.json', (file) => {
  const { scripts } = packageSchema.parse(
    JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')),
  );
  const used = scriptsOf(readFileSync(new URL(file, WORKFLOWS), 'utf8'));
  expect(used.length).toBeGreaterThan(0);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...used]));
});

it('finds the scripts of a workflow', () => {
  const text =
    '- run: npm ci\n- run: npm run build && npm run size\n- run: npm run test:unit\n- run: npm ci && npm test\n';
  expect(scriptsOf(text)).toEqual(['build', 'size', 'test:unit', 'test']);
});
