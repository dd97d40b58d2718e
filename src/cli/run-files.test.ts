import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimPlaces, tryPlaces } from './run-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const KEEP = { overwrite: false };

it('makes the folder of a run and leaves nothing in it', () => {
  const out = join(folder, 'runs', 'first');
  tryPlaces({ folder: out, json: join(folder, 'report.json') }, KEEP);
  expect(readdirSync(out)).toEqual([]);
  expect(readdirSync(folder)).toEqual(['runs']);
});

it('refuses a folder that is a file', () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'text');
  expect(() => tryPlaces({ folder: file }, KEEP)).toThrow(`${file}/run.json cannot be written: a file has the name`);
  expect(readFileSync(file, 'utf8')).toBe('text');
});

it('refuses the files of another run, unless it may write over them or resumes that run', () => {
  const archive = join(folder, 'run.zip');
  writeFileSync(archive, 'earlier');
  writeFileSync(join(folder, 'notes.txt'), 'own');
  const other = join(folder, 'elsewhere.zip');
  writeFileSync(other, 'other');
  const refusal = `${folder} holds the files of another run: run.zip. Name another folder with --out, or add --overwrite.`;
  expect(() => tryPlaces({ folder }, KEEP)).toThrow(refusal);
  expect(() => tryPlaces({ folder }, { overwrite: false, resumed: other })).toThrow(refusal);
  tryPlaces({ folder }, { overwrite: true });
  tryPlaces({ folder }, { overwrite: false, resumed: archive });
  expect(readFileSync(archive, 'utf8')).toBe('earlier');
});

it('claims a folder that may be written to and not listed', ({ skip }) => {
  skip(process.getuid?.() === 0, 'no permission binds root');
  chmodSync(folder, 0o300);
  try {
    claimPlaces({ folder });
  } finally {
    chmodSync(folder, 0o700);
  }
  expect(readdirSync(folder)).toHaveLength(1);
});

/** Another process that claims a folder until it is killed or its input ends. */
async function otherRun(out: string) {
  const code = `import { claimPlaces } from './src/cli/run-files.ts';
    try { claimPlaces({ folder: ${JSON.stringify(out)} }); console.log('claimed'); process.stdin.resume(); }
    catch (error) { console.log(error.message); }`;
  const other = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code]);
  const [said] = await once(other.stdout, 'data');
  return { other, said: String(said).trim() };
}

it('leaves a folder to the process that trains into it, until that one ends or is killed', async () => {
  const first = await otherRun(folder);
  expect(first.said).toBe('claimed');
  const refusal = `Process ${first.other.pid} is training a run into ${folder} now. Wait for its end, or name another folder`;
  expect(() => claimPlaces({ folder })).toThrow(refusal);
  expect((await otherRun(folder)).said).toContain(refusal);
  const ended = once(first.other, 'exit');
  first.other.stdin.end();
  await ended;
  expect(readdirSync(folder)).toEqual([]);

  const second = await otherRun(folder);
  expect(second.said).toBe('claimed');
  const killed = once(second.other, 'exit');
  second.other.kill('SIGKILL');
  await killed;
  const third = await otherRun(folder);
  third.other.kill();
  expect(third.said).toBe('claimed');
});

it('leaves no folder to a process with the number of one that was killed', async ({ skip }) => {
  skip(process.platform !== 'linux', 'the system does not say when a process began');
  const { other, said } = await otherRun(folder);
  expect(said).toBe('claimed');
  const [name = ''] = readdirSync(folder);
  const own = readFileSync(join(folder, name), 'utf8');
  expect(own).toMatch(/^\d+$/);
  // As if the killed one had started at another time than the process that has its number now.
  writeFileSync(join(folder, name), `${Number(own) - 1}`);
  claimPlaces({ folder });
  other.kill();
});
