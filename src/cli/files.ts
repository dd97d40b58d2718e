import {
  closeSync,
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
import { dirname } from 'node:path';
import { ProblemError } from '../config/problem.ts';

type FileProblemCode = 'missing' | 'no-access' | 'read-only' | 'disk-full' | 'not-a-folder' | 'a-folder' | 'unreadable';

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
 * it, which then takes its place. Folders on the way are made.
 * @throws FileProblem; the old content is still there
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const kind = statSync(path, { throwIfNoEntry: false });
    // A device or a pipe, such as /dev/stdout, is written to and not replaced. A folder is refused here.
    if (kind !== undefined && !kind.isFile()) return writeFileSync(path, content);
    // A link stays one.
    const target = kind === undefined ? path : realpathSync(path);
    const beside = `${target}.part`;
    try {
      const file = openSync(beside, 'w');
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
  attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const kind = statSync(path, { throwIfNoEntry: false });
    if (kind !== undefined && !kind.isFile()) return closeSync(openSync(path, 'a'));
    const beside = `${kind === undefined ? path : realpathSync(path)}.part`;
    try {
      writeFileSync(beside, 'x');
    } finally {
      rmSync(beside, { force: true });
    }
  });
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
    throw isSystemError(error) ? problem(path, error.code, error.message) : error;
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
