import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { crc32 } from '../formats/crc32.ts';

/*
 * The file beside another that its next content is written to. Each write has a name of its own, since several commands
 * may write into one folder, and a disk may be shared by machines. A process that is killed leaves such a file behind.
 */

/** The place, the process and a number of the write: `run.zip.0a1b2c3d-4711-89abcdef.part`. */
const PART = /\.([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.part$/;

const cleaned = new Set<string>();

/** A fresh name beside `target`. */
export function partOf(target: string): string {
  return `${target}.${place()}-${process.pid}-${randomBytes(4).toString('hex')}.part`;
}

/** Takes away the remains of killed processes from a folder, the first time only that this process asks. */
export function dropRemains(folder: string): void {
  if (cleaned.has(folder)) return;
  cleaned.add(folder);
  try {
    for (const name of readdirSync(folder)) {
      const [, where, pid] = PART.exec(name) ?? [];
      if (where === place() && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // A folder that may be written to and not listed: remains take room and do no other harm.
  }
}

/**
 * Claims a file that this process is going to write again and again, until the process ends: by a part file, dropped
 * like other remains if the process is killed. Of two that claim a file in one moment, one gets it at most. Processes
 * of other machines are not seen, nor any in a folder that may not be listed. Where the system says when a process
 * began (Linux), a later process with the number of a killed one claims nothing.
 * @returns the process that claims the file already
 */
export function claim(target: string): number | undefined {
  const own = partOf(target);
  writeFileSync(own, beginOf(process.pid), { flag: 'wx' });
  const giveUp = (): void => rmSync(own, { force: true });
  const folder = dirname(own);
  const claims = (name: string, pid: number): boolean =>
    pid !== process.pid && isAlive(pid) && isBegin(textOf(join(folder, name)), pid);
  const other = namesIn(folder)
    .filter((name) => name.startsWith(`${basename(target)}.`))
    .map((name) => PART.exec(name) ?? [])
    .find(([part, where, pid]) => where === place() && claims(`${basename(target)}${part}`, Number(pid)));
  if (other === undefined) process.once('exit', giveUp);
  else giveUp();
  return other && Number(other[2]);
}

/** When a process began, in the system's ticks since its start; empty where the system does not say. */
function beginOf(pid: number): string {
  // The second field is the program's name in brackets, which may hold spaces and brackets; the time is the 22nd.
  const stat = textOf(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** Whether a claim with this text may be of the process; one that was just created may have no text yet. */
function isBegin(text: string, pid: number): boolean {
  const begin = beginOf(pid);
  return text === '' || begin === '' || text === begin;
}

/** Empty where there is no such file. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** None of a folder that may be written to and not listed. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Of the processes that see each other by their numbers: those of one machine, and there of one container. */
function place(): string {
  let container = '';
  try {
    container = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Linux alone has containers.
  }
  const text = new TextEncoder().encode(`${hostname()} ${container}`);
  return crc32(text).toString(16).padStart(8, '0');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user may not be signalled, but lives.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
