/*
 * Reads hostile files of 1 to 100 MB, one after the other in processes with a hard limit, and prints the cost of each:
 *
 *   npx tsx bench/evidence/hostile.ts [shapes that begin with] [sizes in MB, 1,10,100]
 *
 * Memory is the process's largest resident set while it reads, with Node and the file itself in it (Linux; elsewhere also
 * while the file is made); time is processor time of reading alone. A process may take no more than MOST_MEMORY. The last
 * lines are those of docs/reliability.md. It fails where an input took more than 1 GB or 5 s.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { readHostile } from '../../src/exchange/testing/hostile-readers.ts';
import { ALL_HOSTILE_SHAPES } from '../../src/exchange/testing/hostile-shapes.ts';

interface Taken {
  readonly name: string;
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
/** For so long a process may be silent: it makes the file, too. */
const MOST_SECONDS = 300;
/** Inputs that one process reads, one after the other; starting one takes longer than most of them. */
const BATCH = 24;

/** Forgets the largest resident set so far, once the memory that making the file took is given back. */
async function forgetPeak(): Promise<void> {
  for (let times = 0; times < 3; times++) {
    globalThis.gc?.();
    // The engine gives pages back on a thread of its own.
    await setTimeout(100);
  }
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
  await forgetPeak();
  const started = process.cpuUsage();
  const { answer, refused } = await readHostile(shape, bytes);
  const { user, system } = process.cpuUsage(started);
  return {
    name,
    answer,
    refused,
    bytes: bytes.length,
    megabytes: peakMemory() / MB,
    seconds: (user + system) / 1e6,
  };
}

/** Reads the inputs one after the other and prints the cost of each, a line of JSON each. */
async function readAll(names: readonly string[], size: number): Promise<void> {
  for (const name of names) console.log(JSON.stringify(await readOne(name, size)));
}

/** Starts a process that reads the inputs; resolves with the results of those it came to the end of. */
async function readInProcess(names: readonly string[], size: number, taken: (one: Taken) => void): Promise<string> {
  const node = [process.execPath, '--expose-gc', `--max-old-space-size=${MOST_MEMORY.objects}`, '--import', 'tsx'];
  const limited = ['-c', `ulimit -d ${MOST_MEMORY.data}; exec "$@"`, 'bash', ...node, import.meta.filename];
  // Buffers that are let go go back to the system, so that the next input does not inherit them.
  const env = { ...process.env, MALLOC_MMAP_THRESHOLD_: '131072' };
  const child = spawn('bash', [...limited, '--read', String(size), ...names], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  const closed = once(child, 'close');
  const watch = globalThis.setTimeout(() => child.kill('SIGKILL'), MOST_SECONDS * 1000);
  let errors = '';
  child.stderr.on('data', (bytes) => {
    errors = `${errors}${bytes}`.slice(-300);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    watch.refresh();
    if (line.startsWith('{')) taken(JSON.parse(line));
  }
  await closed;
  clearTimeout(watch);
  return `${child.signalCode ?? child.exitCode ?? ''} ${errors}`.trim();
}

async function measureAll(prefix: string, sizes: readonly number[]): Promise<void> {
  const shapes = ALL_HOSTILE_SHAPES.filter(({ name }) => name.startsWith(prefix)).map(({ name }) => name);
  const rows: Taken[] = [];
  const failed: string[] = [];
  const fail = (sentence: string) => {
    failed.push(sentence);
    console.log(`FAILED ${sentence}`);
  };
  for (const size of sizes) {
    const queue = [...shapes];
    while (queue.length > 0) {
      const batch = queue.slice(0, BATCH);
      const end = await readInProcess(batch, size * MB, (row) => {
        queue.shift();
        rows.push(row);
        console.log(
          `${row.name} | ${(row.bytes / MB).toFixed(1)} MB | ${row.megabytes.toFixed(0)} MB | ` +
            `${row.seconds.toFixed(2)} s | ${row.answer.slice(0, 90)}`,
        );
        if (row.megabytes > WANTED.megabytes || row.seconds > WANTED.seconds) {
          fail(`${row.name}, ${size} MB: ${row.megabytes.toFixed(0)} MB, ${row.seconds.toFixed(1)} s`);
        }
      });
      // The one that was being read when the process ended.
      if (end !== '0' && queue.length > 0) fail(`${queue.shift()}, ${size} MB: ${end}`);
    }
  }
  const most = (of: (row: Taken) => number) => rows.toSorted((a, b) => of(b) - of(a)).slice(0, 5);
  const refused = rows.filter((row) => row.refused).length;
  console.log(`\n${shapes.length * sizes.length} files, ${refused} refused, ${failed.length} failed.`);
  console.log('Largest memory of the process:');
  for (const row of most(({ megabytes }) => megabytes))
    console.log(`  ${row.name}, ${(row.bytes / MB).toFixed(0)} MB: ${row.megabytes.toFixed(0)} MB`);
  console.log('Longest processor time:');
  for (const row of most(({ seconds }) => seconds))
    console.log(`  ${row.name}, ${(row.bytes / MB).toFixed(0)} MB: ${row.seconds.toFixed(1)} s`);
  for (const one of failed) console.log(`FAILED ${one}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

const [first = '', second = '1,10,100', ...names] = process.argv.slice(2);
if (first === '--read') await readAll(names, Number(second));
else await measureAll(first, second.split(',').map(Number));
