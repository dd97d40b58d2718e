import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Rooms by floor, ground first. A file imports from its own room and from lower floors only. */
const FLOORS: readonly (readonly string[])[] = [
  ['config'],
  ['craft', 'verification', 'formats'],
  ['faces', 'kernels', 'record'],
  ['network', 'alignment', 'study'],
  ['training', 'exchange'],
  ['worker'],
  ['client'],
  ['ui', 'cli'],
];

/** Rooms that load nothing but TypeScript of the house, so that everyone can take them. */
const PURE: readonly string[] = ['config', 'craft', 'verification', 'formats', 'record', 'study'];

/**
 * The rooms that those of the page may import values from, besides their own, so that tfjs never enters the page's
 * bundle.
 */
const PAGE_VALUES: Readonly<Record<string, readonly string[]>> = {
  client: [...PURE, 'network/architecture.ts', 'worker/runs/run-locks.ts', 'worker/transferables.ts'],
  ui: [...PURE, 'client', 'faces/face-set.ts'],
};

/**
 * Floors inside `ui`, ground first: the page's stores, the parts that screens share, the screens, which never import
 * from each other, the frame around them, and the page itself. Files directly in `ui` are on the top floor.
 */
const UI_FLOORS: readonly (readonly string[])[] = [
  ['state'],
  ['kit'],
  ['train', 'verify', 'inspect', 'faces', 'method', 'runs', 'study', 'tour'],
  ['shell', 'styles'],
  [''],
];

/** On WebGPU the synchronous reads return wrong numbers or kill the GPU process. */
const SYNCHRONOUS_READS = /\.(dataSync|arraySync|bufferSync)\(/;

/** Alerts of a screen's own, which would print names of files uncut: by the role, or by the library's component. */
const OWN_ALERT = /(?<!\[)\brole(?:=|:|=\{[^}]*?)\s*\{?\s*["'`]alert["'`]|\bAlert\b[^;]*? from '@mantine\/core'/;

const ANYWHERE = /^(@tensorflow\/|node:|react|@mantine\/)/;

export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

/** The imports and re-exports of a TypeScript source. */
export function importsOf(source: string): Import[] {
  const statement = /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
  const dynamic = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
  const worker = /new URL\(\s*['"](\.[^'"]+\.ts)['"]/g;
  return [
    ...[...source.matchAll(statement)].map((m) => ({ from: m[2] ?? '', typeOnly: m[1] !== undefined })),
    ...[...source.matchAll(dynamic)].map((m) => ({ from: m[1] ?? '', typeOnly: false })),
    ...[...source.matchAll(worker)].map((m) => ({ from: m[1] ?? '', typeOnly: true })),
  ];
}

/** The faults of a file at `path` (below src/), one sentence each. */
export function violations(path: string, source: string): string[] {
  const room = path.split('/')[0] ?? '';
  const floor = FLOORS.findIndex((rooms) => rooms.includes(room));
  if (floor < 0) return [`${path}: src/${room} is no room of the house.`];
  const test = /\.test\.tsx?$/.test(path) || path.includes('/testing/');
  const found: string[] = [];
  for (const { from, typeOnly } of importsOf(source)) {
    if (!from.startsWith('.')) {
      const named = ANYWHERE.test(from);
      if (named && PURE.includes(room) && !test) found.push(`${path}: ${room} is pure and may not import ${from}.`);
      const inNode = test || room === 'cli' || path.includes('/node/');
      if (from.startsWith('node:') && !inNode) found.push(`${path}: only cli and node/ folders may import ${from}.`);
      if (from.startsWith('@tensorflow/') && room in PAGE_VALUES && !typeOnly)
        found.push(`${path}: ${room} may not load ${from}.`);
      continue;
    }
    const target = join(dirname(path), from).split(sep).join('/');
    const targetRoom = target.split('/')[0] ?? '';
    const targetFloor = FLOORS.findIndex((rooms) => rooms.includes(targetRoom));
    if (target.startsWith('..')) {
      // Files that a package ships beside its code.
      const asset = target.startsWith('../node_modules/') && target.endsWith('?url');
      // The text of a document, which the page shows as it is.
      const shown = target.startsWith('../docs/') && target.endsWith('?raw');
      if (!test && !asset && !shown && !target.endsWith('package.json'))
        found.push(`${path}: imports ${from} from outside src.`);
    } else if (targetRoom !== room && targetFloor >= floor) {
      found.push(`${path}: ${room} may not import ${target}; it is on no lower floor.`);
    } else if (!typeOnly && !test && targetRoom !== room && !openTo(room, target)) {
      found.push(`${path}: ${room} takes types only from ${target}.`);
    } else if (room === 'ui' && targetRoom === 'ui' && !test && !insideUi(path, target)) {
      found.push(`${path}: ${uiFolder(path)} may not import ${target}; parts that screens share are in ui/kit.`);
    }
  }
  if (SYNCHRONOUS_READS.test(source)) found.push(`${path}: reads a tensor synchronously; use await tensor.data().`);
  if (room === 'ui' && uiFolder(path) !== 'kit' && !test && OWN_ALERT.test(source))
    found.push(`${path}: makes an alert of its own; use Alert of ui/kit, which cuts names of files.`);
  return found;
}

/** Whether `room` may import values from `target`, a file on a lower floor. */
function openTo(room: string, target: string): boolean {
  const open = PAGE_VALUES[room];
  return open === undefined || open.some((place) => target === place || target.startsWith(`${place}/`));
}

/** A file's folder below `ui`; empty for files directly in it. */
function uiFolder(path: string): string {
  const [, folder = '', file] = path.split('/');
  return file === undefined ? '' : folder;
}

/** Whether a file of `ui` may import another: from its own folder, or from one on a lower floor. */
function insideUi(path: string, target: string): boolean {
  const floorOf = (file: string) => UI_FLOORS.findIndex((folders) => folders.includes(uiFolder(file)));
  return uiFolder(path) === uiFolder(target) || floorOf(target) < floorOf(path);
}

/** Checks every source below `root`. */
export function checkHouse(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => violations(relative('.', file).split(sep).join('/'), readFileSync(join(root, file), 'utf8')));
}

if (process.argv[1]?.endsWith('layering.ts')) {
  const found = checkHouse('src');
  for (const line of found) console.error(line);
  if (found.length > 0) process.exit(1);
}
