import { expect, it } from 'vitest';
import { roomsOf, roomsTable } from './rooms.ts';

it('counts files, lines and arrows of each room, the ground floor first', () => {
  const rooms = roomsOf([
    { path: 'alone/a.ts', text: "import { b } from '../base/b.ts';\nimport './c.ts';\n" },
    { path: 'alone/deep/c.ts', text: "export type { D } from '../../base/d.ts';\nimport { x } from 'zod';\n" },
    { path: 'alone/a.test.ts', text: "import { b } from '../base/b.ts';\n" },
    { path: 'base/testing/e.ts', text: '\n' },
    { path: 'base/b.ts', text: 'export const b = 1;\n' },
  ]);
  expect(roomsTable(rooms).split('\n').slice(2)).toEqual([
    '| `base` | 1 | 1 | 1 | none |',
    '| `alone` | 2 | 4 | 1 | → base 2 |',
  ]);
});

it('rooms in a circle are listed, too', () => {
  const rooms = roomsOf([
    { path: 'a/a.ts', text: "import '../b/b.ts';\n" },
    { path: 'b/b.ts', text: "import '../a/a.ts';\n" },
  ]);
  expect(rooms.map(({ name }) => name)).toEqual(['a', 'b']);
});
