import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { importsOf } from './layering.ts';

/** A folder directly below src/. */
export interface Room {
  readonly name: string;
  /** Sources and their lines, without tests and files that only tests use. */
  readonly files: number;
  readonly lines: number;
  readonly tests: number;
  /** Imports from each other room, types included. */
  readonly imports: ReadonlyMap<string, number>;
}

interface Source {
  readonly path: string;
  readonly text: string;
}

/**
 * The rooms of a house by its sources; a room comes after every room that it imports from, where there is no circle.
 */
export function roomsOf(sources: readonly Source[]): readonly Room[] {
  const rooms = new Map<string, { files: number; lines: number; tests: number; imports: Map<string, number> }>();
  for (const { path, text } of sources) {
    const name = path.split('/')[0] ?? '';
    const room = rooms.get(name) ?? { files: 0, lines: 0, tests: 0, imports: new Map<string, number>() };
    rooms.set(name, room);
    if (/\.test\.tsx?$/.test(path) || path.includes('/testing/')) {
      room.tests++;
      continue;
    }
    room.files++;
    room.lines += text.split('\n').length - 1;
    for (const { from } of importsOf(text)) {
      if (!from.startsWith('.')) continue;
      const target = join(dirname(path), from).split(sep)[0] ?? '';
      if (target !== name && target !== '..') room.imports.set(target, (room.imports.get(target) ?? 0) + 1);
    }
  }
  return floorsFirst([...rooms].map(([name, room]) => ({ name, ...room })));
}

/** Ground floor first: again and again the rooms whose imports are all placed, or the first of a circle. */
function floorsFirst(rooms: readonly Room[]): readonly Room[] {
  const left = rooms.toSorted((a, b) => a.name.localeCompare(b.name));
  const placed: Room[] = [];
  while (left.length > 0) {
    const waits = ({ imports }: Room) => left.some(({ name }) => imports.has(name));
    const next = left.findIndex((room) => !waits(room));
    placed.push(...left.splice(Math.max(0, next), 1));
  }
  return placed;
}

/** A Markdown table, with an arrow for every room that is imported from: "-> config 12" is 12 imports. */
export function roomsTable(rooms: readonly Room[]): string {
  const arrows = ({ imports }: Room) =>
    [...imports]
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `→ ${name} ${count}`)
      .join(', ');
  return [
    '| room | files | lines | tests | imports from other rooms |',
    '|---|---|---|---|---|',
    ...rooms.map(
      (room) => `| \`${room.name}\` | ${room.files} | ${room.lines} | ${room.tests} | ${arrows(room) || 'none'} |`,
    ),
  ].join('\n');
}

/*
 *   npm run rooms [-- --root DIR]     # DIR is a checkout of any commit; without it, this one
 */
if (process.argv[1]?.endsWith('rooms.ts')) {
  const { values } = parseArgs({ options: { root: { type: 'string', default: '.' } } });
  const root = join(values.root, 'src');
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => path.split(sep).join('/'));
  const sources = paths.filter((path) => path.includes('/') && /\.tsx?$/.test(path));
  console.log(roomsTable(roomsOf(sources.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })))));
}
