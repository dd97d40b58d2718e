import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileProblemOf, readWhole, refuseSources, tryFolder, tryResult, tryToWrite, writeWhole } from './files.ts';
import { partOf } from './part-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The arguments with which Node runs a line of code that has `writeWhole` and `path`. */
const script = (path: string, code: string) => [
  '--import',
  'tsx',
  '--input-type=module',
  '-e',
  `import { writeWhole } from './src/cli/files.ts'; const path = ${JSON.stringify(path)}; ${code}`,
];

describe('a file is written whole', () => {
  it('into folders that are made, in the place of the one before, and nothing is left beside it', () => {
    const path = join(folder, 'a', 'b', 'run.zip');
    writeWhole(path, 'first');
    writeWhole(path, Uint8Array.of(50, 51));
    expect(readFileSync(path, 'utf8')).toBe('23');
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['run.zip']);
  });

  it('through a link, which stays one, and into a device', () => {
    const path = join(folder, 'real');
    const link = join(folder, 'link');
    writeFileSync(path, 'first');
    symlinkSync(path, link);
    writeWhole(link, 'second');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('second');
    writeWhole('/dev/null', 'third');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('or not at all, where the disk has no room for it', () => {
    const path = join(folder, 'run.zip');
    writeWhole(path, 'first');
    const code = "try { writeWhole(path, 'x'.repeat(1e6)); } catch ({ message }) { console.log(message); }";
    const command = ['-c', 'ulimit -f 64 && exec "$@"', 'bash', process.execPath, ...script(path, code)];
    const { stdout } = spawnSync('bash', command, { encoding: 'utf8' });
    expect(stdout).toBe(`${path} cannot be written: there is no room left on the disk.\n`);
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['run.zip']);
  });

  it('or not at all, where the process is killed inside the write', async () => {
    const path = join(folder, 'run.zip');
    const size = 50_000_000;
    writeFileSync(path, Buffer.alloc(size, 'a'));
    // Until a kill met a write: the half-written part then lies beside the file.
    do {
      const watcher = watch(folder);
      const started = once(watcher, 'change');
      const writer = spawn(process.execPath, script(path, `for (;;) writeWhole(path, Buffer.alloc(${size}, 'b'));`));
      const ended = once(writer, 'exit');
      await started;
      writer.kill('SIGKILL');
      await ended;
      watcher.close();
      const left = readFileSync(path);
      expect(left.length).toBe(size);
      expect(left.every((byte) => byte === left[0])).toBe(true);
    } while (readdirSync(folder).length === 1);
    // The next write takes away the remains of the killed one, and no others: those of living processes, of other
    // machines, and files of other names.
    const [remains = ''] = readdirSync(folder).filter((name) => name !== 'run.zip');
    const [, place = '', pid = ''] = /^run\.zip\.([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.part$/.exec(remains) ?? [];
    const others = [
      `run.zip.${place}-${process.ppid}-00000000.part`,
      `run.zip.${place === '00000000' ? '1' : '0'}${place.slice(1)}-${pid}-00000000.part`,
      `${pid}.part`,
    ];
    for (const other of others) writeFileSync(join(folder, other), '');
    writeWhole(path, 'next');
    expect(readdirSync(folder).sort()).toEqual([...others, 'run.zip'].sort());
  });

  it('by two processes at the same time, each under a name of its own', async () => {
    const path = join(folder, 'run.zip');
    const size = 2_000_000;
    const code = (byte: string) =>
      `for (let at = 0; at < 20; at++) writeWhole(path, Buffer.alloc(${size}, '${byte}'));`;
    const writers = ['a', 'b'].map((byte) => spawn(process.execPath, script(path, code(byte))));
    expect(await Promise.all(writers.map((writer) => once(writer, 'exit')))).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(readdirSync(folder)).toEqual(['run.zip']);
    const left = readFileSync(path);
    expect(left.length).toBe(size);
    expect(left.every((byte) => byte === left[0])).toBe(true);
    expect(partOf(path)).not.toBe(partOf(path));
  });
});

describe('a file that cannot be written or read gets a sentence', () => {
  const refusal = (work: () => void): string => {
    try {
      work();
      return 'nothing was refused';
    } catch (error) {
      return error instanceof Error && 'hint' in error ? `${error.message} ${error.hint}` : String(error);
    }
  };

  it.each([
    ['a folder', '', 'is a folder; a file is expected.'],
    ['below a file', 'file/run.zip', 'a file has the name of its folder.'],
    ['below a file in a file', 'file/a/run.zip', 'a file has the name of its folder.'],
  ])('%s', (_, path, sentence) => {
    writeFileSync(join(folder, 'file'), '');
    for (const write of [tryToWrite, (at: string) => writeWhole(at, 'x')]) {
      expect(refusal(() => write(join(folder, path)))).toContain(`${join(folder, path)}`);
      expect(refusal(() => write(join(folder, path)))).toContain(sentence);
    }
  });

  it('a full disk', () => {
    expect(refusal(() => writeWhole('/dev/full', 'x'))).toContain('no room left on the disk');
  });

  it('a folder that is read-only', ({ skip }) => {
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    // No permission binds root: a disk is mounted for reading only.
    const root = process.getuid?.() === 0;
    if (root) {
      const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', locked]);
      skip(status !== 0, 'root may not mount a disk here');
    } else {
      chmodSync(locked, 0o555);
    }
    try {
      for (const write of [tryToWrite, (at: string) => writeWhole(at, 'x')]) {
        for (const path of ['run.zip', 'a/b/run.zip']) {
          expect(refusal(() => write(join(locked, path)))).toMatch(/its disk is read-only|refuses access to/);
        }
      }
    } finally {
      if (root) spawnSync('umount', [locked]);
    }
  });

  it('a result that would take the place of the file it is made from, by any path to it', () => {
    const model = join(folder, 'model.onnx');
    writeFileSync(model, 'weights');
    symlinkSync(model, join(folder, 'link'));
    for (const same of [
      model,
      join(folder, 'link'),
      join(folder, '..', folder.split('/').at(-1) ?? '', 'model.onnx'),
    ]) {
      expect(refusal(() => tryResult(same, [undefined, model]))).toContain(`${same} is the file that is read`);
    }
    tryResult(join(folder, 'other.onnx'), [undefined, model]);
    // Results of several files go into no folder that is read, either.
    for (const place of [folder, join(folder, '..results'), join(folder, 'results', '1.zip')]) {
      expect(refusal(() => refuseSources(place, [undefined, folder]))).toContain('nothing is written there');
    }
    expect(refusal(() => refuseSources(model, [model]))).toContain(`${model} is read`);
    for (const place of [`${folder}-results`, dirname(folder)]) {
      refuseSources(place, [undefined, folder, 'synthetic:lfw', join(folder, 'not-there')]);
    }
    tryFolder(join(folder, 'made'));
    expect(readdirSync(folder).sort()).toEqual(['link', 'made', 'model.onnx']);
    expect(refusal(() => tryFolder(model))).toContain('a file has the name of its folder');
    for (const write of [tryFolder, tryToWrite]) expect(refusal(() => write(''))).toContain('is empty. Name one.');
  });

  it('a file of more than 2 GB, which Node reads in no piece', () => {
    const path = join(folder, 'large.rec');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 31);
    expect(refusal(() => readWhole(path))).toContain(`${path} is larger than 2 GB.`);
  });

  it('a file that is missing, or is a folder', () => {
    expect(refusal(() => readWhole(join(folder, 'none')))).toContain(`There is no file or folder ${folder}/none.`);
    expect(refusal(() => readWhole(folder))).toContain(`${folder} is a folder; a file is expected.`);
    expect(fileProblemOf(new Error('a defect'))).toBeUndefined();
  });
});
