/*
 * Reads hostile files of 1 to 100 MB, each in a process of its own, and prints the cost of each:
 *
 *   npx tsx bench/evidence/hostile.ts [shapes that begin with] [sizes in MB, 1,10,100]
 *
 * Memory is the process's largest resident set while it reads, with Node and the file itself in it (Linux; elsewhere also
 * while the file is made); time is processor time of reading alone. A process may take no more than MOST_MEMORY. The last
 * lines are those of docs/reliability.md. It fails where an input took more than 1 GB or 5 s.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readHostile } from '../../src/exchange/testing/hostile-readers.ts';
import { ALL_HOSTILE_SHAPES } from '../../src/exchange/testing/hostile-shapes.ts';

interface Taken {
  readonly answer: string;
  readonly refused: boolean;
  readonly bytes: number;
  readonly megabytes: number;
  readonly seconds: number;
}

const MB = 1e6;
/** The most that an input may take, in MB and in seconds. */
const WANTED = { megabytes: 1000, seconds: 5 };
/** Kilobytes of data, and MB of JavaScript objects, above which a process gets no more. */
const MOST_MEMORY = { data: 6_000_000, objects: 3000 };

/** Forgets the largest resident set so far. */
function forgetPeak(): void {
  globalThis.gc?.();
  if (existsSync('/proc/self/clear_refs')) writeFileSync('/proc/self/clear_refs', '5');
}

/** The largest resident set since then, in bytes. */
function peakMemory(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const kilobytes = /VmHWM:\s+(\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kilobytes) * 1024;
}

async function readOne(name: string, size: number): Promise<Taken> {
  const shape = ALL_HOSTILE_SHAPES.find((one) => one.name === name);
  if (shape === undefined) throw new Error(`There is no shape "${name}".`);
  const bytes = shape.make(size);
  forgetPeak();
  const started = process.cpuUsage();
  const { answer, refused } = await readHostile(shape, bytes);
  const { user, system } = process.cpuUsage(started);
  return {
    answer,
    refused,
    bytes: bytes.length,
    megabytes: peakMemory() / MB,
    seconds: (user + system) / 1e6,
  };
}

function measureAll(prefix: string, sizes: readonly number[]): void {
  const rows: (Taken & { readonly name: string })[] = [];
  const failed: string[] = [];
  let tried = 0;
  for (const size of sizes) {
    for (const { name } of ALL_HOSTILE_SHAPES.filter((shape) => shape.name.startsWith(prefix))) {
      tried++;
      const node = [process.execPath, '--expose-gc', `--max-old-space-size=${MOST_MEMORY.objects}`, '--import', 'tsx'];
      const child = spawnSync(
        'bash',
        [
          '-c',
          `ulimit -d ${MOST_MEMORY.data}; exec "$@"`,
          'bash',
          ...node,
          import.meta.filename,
          '--one',
          name,
          `${size * MB}`,
        ],
        { encoding: 'utf8', timeout: 300_000, killSignal: 'SIGKILL' },
      );
      const line = child.stdout.split('\n').find((one) => one.startsWith('{'));
      if (child.status !== 0 || line === undefined) {
        failed.push(`${name}, ${size} MB: ${child.signal ?? child.status} ${child.stderr.slice(-300)}`);
        console.log(`FAILED ${failed.at(-1)}`);
        continue;
      }
      const taken: Taken = JSON.parse(line);
      rows.push({ ...taken, name });
      if (taken.megabytes > WANTED.megabytes || taken.seconds > WANTED.seconds) {
        failed.push(`${name}, ${size} MB: ${taken.megabytes.toFixed(0)} MB, ${taken.seconds.toFixed(1)} s`);
      }
      console.log(
        `${name} | ${(taken.bytes / MB).toFixed(1)} MB | ${taken.megabytes.toFixed(0)} MB | ` +
          `${taken.seconds.toFixed(2)} s | ${taken.answer.slice(0, 90)}`,
      );
    }
  }
  const most = (of: (row: Taken) => number) => rows.toSorted((a, b) => of(b) - of(a)).slice(0, 5);
  console.log(`\n${tried} files, ${rows.filter(({ refused }) => refused).length} refused, ${failed.length} failed.`);
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
