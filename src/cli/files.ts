import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ProblemError } from '../config/problem.ts';
import { dropRemains, partOf } from './part-file.ts';

type FileProblemCode =
  | 'missing'
  | 'no-access'
  | 'read-only'
  | 'disk-full'
  | 'not-a-folder'
  | 'a-folder'
  | 'same-file'
  | 'too-large'
  | 'unreadable';

/** A file or folder that cannot be read or written: the cause in a sentence, and the remedy. */
export class FileProblem extends ProblemError<FileProblemCode> {
  override readonly name = 'FileProblem';
}

/**
 * Reads a whole file.
 * @throws FileProblem
 */
export function readWhole(path: string): Uint8Array<ArrayBuffer> {
  return attempt(path, () => readFileSync(path));
}

/**
 * Writes a file so that at every moment either the old content or the new one is on the disk, whole: into a file beside
 * it, which then takes its place. Several processes may write into one folder. Folders on the way are made.
 * @throws FileProblem; the old content is still there
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  attempt(path, () => {
    makeFolder(dirname(path));
    const kind = statSync(path, { throwIfNoEntry: false });
    // A device or a pipe, such as /dev/stdout, is written to and not replaced. A folder is refused here.
    if (kind !== undefined && !kind.isFile()) return writeFileSync(path, content);
    // A link stays one.
    const target = kind === undefined ? path : realpathSync(path);
    dropRemains(dirname(target));
    const beside = partOf(target);
    try {
      const file = openSync(beside, 'wx');
      try {
        writeFileSync(file, content);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(beside, target);
    } catch (error) {
      rmSync(beside, { force: true });
      throw error;
    }
  });
}

/**
 * Finds out whether `writeWhole` can write this file later, before the work whose result it is to hold. Folders on the
 * way are made.
 * @throws FileProblem
 */
export function tryToWrite(path: string): void {
  refuseEmpty(path);
  attempt(path, () => {
    makeFolder(dirname(path));
    const kind = statSync(path, { throwIfNoEntry: false });
    if (kind !== undefined && !kind.isFile()) return closeSync(openSync(path, 'a'));
    const beside = partOf(kind === undefined ? path : realpathSync(path));
    try {
      writeFileSync(beside, 'x');
    } finally {
      rmSync(beside, { force: true });
    }
  });
}

/** Finds out whether files can be written into this folder later; it is made. @throws FileProblem */
export function tryFolder(path: string): void {
  refuseEmpty(path);
  tryToWrite(join(path, '.try'));
}

/** Makes a folder and those above it. Of a disk that is read-only Node says that the folder is not there. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    let above = folder;
    while (!existsSync(above) && dirname(above) !== above) above = dirname(above);
    accessSync(above, constants.W_OK);
    throw error;
  }
}

/** An unset variable of a shell: the files would go into the folder that one is in. */
function refuseEmpty(path: string): void {
  if (path === '') throw new FileProblem('missing', 'The name of a file or folder to write is empty.', 'Name one.');
}

/** Whether two paths are of one file or folder that is there. */
export function isSamePlace(one: string, other: string): boolean {
  return existsSync(one) && existsSync(other) && realpathSync(one) === realpathSync(other);
}

/**
 * Finds out whether a result can be written to `path`, and that it is none of the files it is made from.
 * @throws FileProblem
 */
export function tryResult(path: string, sources: readonly (string | undefined)[]): void {
  if (sources.some((source) => source !== undefined && isSamePlace(source, path))) {
    throw new FileProblem(
      'same-file',
      `${path} is the file that is read; it is not written over.`,
      'Name another file.',
    );
  }
  tryToWrite(path);
}

/**
 * Refuses to write results into a folder that is read, or over a file that is: its pictures would be among the next
 * time's photos. @throws FileProblem
 */
export function refuseSources(path: string, sources: readonly (string | undefined)[]): void {
  const isIn = (source: string) => {
    const way = relative(resolve(source), resolve(path));
    return isSamePlace(source, path) || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
  };
  const source = sources.find((one) => one !== undefined && existsSync(one) && isIn(one));
  if (source === undefined) return;
  const text = isSamePlace(source, path) ? 'is read' : `lies in ${source}, which is read`;
  throw new FileProblem('same-file', `${path} ${text}; nothing is written there.`, 'Name another place.');
}

/** An error of the file system as a sentence; undefined for any other error. */
export function fileProblemOf(error: unknown): FileProblem | undefined {
  return isSystemError(error) && error.path !== undefined ? problem(error.path, error.code, error.message) : undefined;
}

function attempt<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    // A file that is read and written through a number has no path in its error.
    if (isSystemError(error)) throw problem(path, error.code, error.message);
    // Node reads no larger file in one piece.
    if (error instanceof Error && 'code' in error && error.code === 'ERR_FS_FILE_TOO_LARGE') {
      throw new FileProblem('too-large', `${path} is larger than 2 GB.`, 'Name the file that is meant, or split it.');
    }
    throw error;
  }
}

function isSystemError(error: unknown): error is Error & { readonly code: string; readonly path?: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

function problem(path: string, code: string, message: string): FileProblem {
  switch (code) {
    case 'ENOENT':
      return new FileProblem('missing', `There is no file or folder ${path}.`, 'Check the path.');
    case 'EACCES':
    case 'EPERM':
      return new FileProblem(
        'no-access',
        `The system refuses access to ${path}.`,
        'Choose another place, or change its permissions.',
      );
    case 'EROFS':
      return new FileProblem(
        'read-only',
        `${path} cannot be written: its disk is read-only.`,
        'Choose a place on another disk.',
      );
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new FileProblem(
        'disk-full',
        `${path} cannot be written: there is no room left on the disk.`,
        'Make room, or choose a place on another disk. The file that was there before is unchanged.',
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new FileProblem(
        'not-a-folder',
        `${path} cannot be written: a file has the name of its folder.`,
        'Name another folder.',
      );
    case 'EISDIR':
      return new FileProblem('a-folder', `${path} is a folder; a file is expected.`, 'Name a file.');
    default:
      return new FileProblem(
        'unreadable',
        `${path} cannot be read or written: ${message}.`,
        'Check the path and its disk.',
      );
  }
}
