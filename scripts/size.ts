import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { KEPT_LATER } from './offline.ts';

/*
 * The size budget of the built page (`npm run build` first): fails when a part grows past its limit. Raise a limit in the
 * same change that needs it, and say in its commit why.
 */

interface Part {
  readonly name: string;
  readonly files: readonly string[];
  /** Kilobytes (1,000 bytes), gzipped where `zipped` is true. */
  readonly limit: number;
  readonly zipped: boolean;
}

const FOLDER = 'dist';
const html = readFileSync(join(FOLDER, 'index.html'), 'utf8');
const loaded = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].flatMap(([, file]) => file ?? []);
const all = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(FOLDER.length + 1));

const PARTS: readonly Part[] = [
  { name: 'scripts at load', files: loaded.filter((file) => file.endsWith('.js')), limit: 300, zipped: true },
  { name: 'styles at load', files: loaded.filter((file) => file.endsWith('.css')), limit: 25, zipped: true },
  {
    name: 'loaded for some files only',
    files: all.filter((file) => KEPT_LATER.test(file)),
    limit: 23_000,
    zipped: false,
  },
  { name: 'all the rest', files: all.filter((file) => !KEPT_LATER.test(file)), limit: 8_400, zipped: false },
];

let over = false;
for (const { name, files, limit, zipped } of PARTS) {
  if (files.length === 0) throw new Error(`No file of ${FOLDER} belongs to "${name}". Build the page first.`);
  const bytes = files.reduce((sum, file) => {
    const path = join(FOLDER, file);
    return sum + (zipped ? gzipSync(readFileSync(path)).length : statSync(path).size);
  }, 0);
  const size = bytes / 1000;
  over ||= size > limit;
  const measure = `${size.toFixed(0)} kB of ${limit} kB${zipped ? ', gzipped' : ''}`;
  console.log(`${size > limit ? 'OVER' : 'ok  '} ${name}: ${measure} (${files.length} files)`);
}
if (over) {
  console.error('A part of the page is larger than its budget. See scripts/size.ts.');
  process.exit(1);
}
