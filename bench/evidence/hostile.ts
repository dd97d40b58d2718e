/*
 * Reads hostile files of 1 to 100 MB, each in a process of its own, and prints the cost of each:
 *
 *   npx tsx bench/evidence/hostile.ts [shapes that begin with] [sizes in MB, 1,10,100]
 *
 * Memory is the process's largest resident set, with Node and the file itself in it; time is processor time of reading
 * alone. The last lines are those of docs/reliability.md.
 */
import { spawnSync } from 'node:child_process';
import { readHostile } from '../../src/exchange/testing/hostile-readers.ts';
import { ALL_HOSTILE_SHAPES } from '../../src/exchange/testing/hostile-shapes.ts';

interface Taken {
  readonly answer: string;
  readonly refused: boolean;
  readonly bytes: number;
  readonly megabytes: number;
  readonly before: number;
  readonly seconds: number;
}

const MB = 1e6;

async function readOne(name: string, size: number): Promise<Taken> {
  const shape = ALL_HOSTILE_SHAPES.find((one) => one.name === name);
  if (shape === undefined) throw new Error(`There is no shape "${name}".`);
  const bytes = shape.make(size);
  const before = process.resourceUsage().maxRSS;
  const started = process.cpuUsage();
  const { answer, refused } = await readHostile(shape, bytes);
  const { user, system } = process.cpuUsage(started);
  return {
    answer,
    refused,
    bytes: bytes.length,
    megabytes: (process.resourceUsage().maxRSS * 1024) / MB,
    before: (before * 1024) / MB,
    seconds: (user + system) / 1e6,
  };
}

function measureAll(prefix: string, sizes: readonly number[]): void {
  const rows: (Taken & { readonly name: string })[] = [];
  const failed: string[] = [];
  for (const size of sizes) {
    for (const { name } of ALL_HOSTILE_SHAPES.filter((shape) => shape.name.startsWith(prefix))) {
      const child = spawnSync(
        process.execPath,
        ['--import', 'tsx', import.meta.filename, '--one', name, String(size * MB)],
        { encoding: 'utf8', timeout: 120_000 },
      );
      const line = child.stdout.split('\n').find((one) => one.startsWith('{'));
      if (child.status !== 0 || line === undefined) {
        failed.push(`${name}, ${size} MB: ${child.signal ?? child.status} ${child.stderr.slice(-300)}`);
        console.log(`FAILED ${failed.at(-1)}`);
        continue;
      }
      const taken: Taken = JSON.parse(line);
      rows.push({ ...taken, name });
      console.log(
        `${name} | ${(taken.bytes / MB).toFixed(1)} MB | ${taken.megabytes.toFixed(0)} MB (${taken.before.toFixed(0)} before) | ` +
          `${taken.seconds.toFixed(2)} s | ${taken.answer.slice(0, 90)}`,
      );
    }
  }
  const most = (of: (row: Taken) => number) => rows.toSorted((a, b) => of(b) - of(a)).slice(0, 5);
  console.log(
    `\n${rows.length + failed.length} files, ${rows.filter(({ refused }) => refused).length} refused, ${failed.length} failed.`,
  );
  console.log('Largest memory of the process:');
  for (const row of most(({ megabytes }) => megabytes))
    console.log(`  ${row.name}, ${(row.bytes / MB).toFixed(0)} MB: ${row.megabytes.toFixed(0)} MB`);
  console.log('Longest processor time:');
  for (const row of most(({ seconds }) => seconds))
    console.log(`  ${row.name}, ${(row.bytes / MB).toFixed(0)} MB: ${row.seconds.toFixed(1)} s`);
  for (const one of failed) console.log(`FAILED ${one}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

const [first, name = '', size = '0'] = process.argv.slice(2);
if (first === '--one') console.log(JSON.stringify(await readOne(name, Number(size))));
else measureAll(first ?? '', (process.argv[3] ?? '1,10,100').split(',').map(Number));
