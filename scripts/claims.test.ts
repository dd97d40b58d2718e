import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { presetOf } from '../src/config/presets.ts';

const text = readFileSync('docs/claims.md', 'utf8');
const paths = [...new Set([...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+)`/g)].map((match) => match[1] ?? ''))];

test('the evidence of every claim is there', () => {
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

test('the table has the figures of the preset cards', () => {
  const [quick, small, gentle] = (['quick', 'small', 'gentle'] as const).map(presetOf);
  const inTens = (preset = quick) => /(\S+(?: to \S+)? in 10) filters died/.exec(preset?.text ?? '')?.[1];
  expect(text).toContain(`${inTens(quick)} (*Quick look*, one seed), ${inTens(small)} (*Small*, three)`);
  expect(text).toContain(
    `dashed squares of 32: ${[quick, small, gentle].map((preset) => preset?.deaths).join(', ')} |`,
  );
});
