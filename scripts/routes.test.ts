import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const ROOT = new URL('../', import.meta.url);
const guide = readFileSync(new URL('docs/extending.md', ROOT), 'utf8');
const routes = [...guide.matchAll(/^- \*\*(.+?)\*\* \((\d+) files\): (.+)$/gm)];

it('the guide describes six routes', () => {
  expect(routes).toHaveLength(6);
});

it.each(routes.map(([, name = '', count = '', list = '']) => ({ name, count, list })))(
  '$name passes $count files',
  ({ count, list }) => {
    const files = [...list.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
    expect(files).toHaveLength(Number(count));
    for (const file of files) expect([file, existsSync(new URL(`src/${file}`, ROOT))]).toEqual([file, true]);
  },
);
