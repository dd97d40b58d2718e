import { Budget } from '../../formats/budget.ts';
import { readTar } from '../../formats/tar.ts';
import { type ByteSource, type DroppedFile, readSource } from './byte-source.ts';
import { type FileKind, fileKind, KIND_BYTES } from './file-kind.ts';
import { cleanPath, folderOf, isSystemFile } from './file-names.ts';
import { ImportError } from './import-error.ts';
import { type ImportLimits, sizeText, unpackingOf } from './limits.ts';

/** Whether a file is a .tar, or packed by gzip or xz. */
export function isPacked(kind: FileKind): boolean {
  return kind === 'tar' || kind === 'gzip' || kind === 'xz';
}

/** A file with its kind, one of those that `isPacked` knows. */
interface PackedFile extends DroppedFile {
  readonly kind: FileKind;
}

/**
 * The files in a .tar, which stay where they are, or the one file in a .gz or .xz, unpacked in memory.
 * @throws ImportError where it is damaged or unpacks to more than is sensible, or the signal's reason
 */
export async function unpackFile(
  { path, file, kind }: PackedFile,
  limits: ImportLimits,
  signal?: AbortSignal,
): Promise<readonly DroppedFile[]> {
  if (kind === 'tar') return filesInTar(path, file, limits);
  const name = path.replace(/\.tgz$/i, '.tar').replace(/\.(?:gz|xz)$/i, '');
  return [{ path: name, file: await unpacked(path, file, kind, limits, signal) }];
}

/**
 * The files in a .tar, also in one that is packed, in a folder of its name; of a .gz or .xz of anything else the one
 * file, and another file as it is. @throws as `unpackFile` does
 */
export async function unpackLayers(
  given: DroppedFile,
  limits: ImportLimits,
  layers = 2,
): Promise<readonly DroppedFile[]> {
  const { path, file } = given;
  const kind = fileKind(new Uint8Array(await readSource(file, 0, Math.min(file.size, KIND_BYTES))));
  if (layers === 0 || !isPacked(kind)) return [given];
  const inside = await unpackFile({ path, file, kind }, limits);
  if (kind === 'tar') return inside.map((part) => ({ ...part, path: `${folderOf(path)}/${part.path}` }));
  return (await Promise.all(inside.map((part) => unpackLayers(part, limits, layers - 1)))).flat();
}

/** Bytes in which the headers of many small files lie; of large files only the first one is used. */
const HEADERS = 8192;

async function filesInTar(path: string, file: ByteSource, limits: ImportLimits): Promise<readonly DroppedFile[]> {
  // Headers of small files lie close together: some are read at a time.
  let piece = new Uint8Array(0);
  let from = 0;
  const read = async (start: number, end: number) => {
    if (start < from || end > from + piece.length) {
      from = start;
      piece = new Uint8Array(await readSource(file, start, Math.min(file.size, Math.max(end, start + HEADERS))));
    }
    return piece.subarray(start - from, end - from);
  };
  const entries = await readTar(read, file.size, limits.maxFiles);
  if (entries === undefined) throw damaged(path);
  if (entries.length > limits.maxFiles) {
    throw new ImportError('too-many-files', `${path} holds more than ${limits.maxFiles} files.`, 'Drop fewer people.');
  }
  // A file and the links to it are one.
  const parts = new Map<number, ByteSource>();
  return entries
    .map((entry) => ({ ...entry, path: cleanPath(entry.path) }))
    .filter((entry) => !isSystemFile(entry.path))
    .map(({ path: inside, start, size }) => {
      const part = parts.get(start) ?? partOf(file, start, size);
      if (size > 0) parts.set(start, part);
      return { path: inside, file: part };
    });
}

function partOf(file: ByteSource, start: number, size: number): ByteSource {
  return { size, slice: (from, to) => file.slice(start + Math.min(from, size), start + Math.min(to, size)) };
}

async function unpacked(path: string, file: ByteSource, kind: FileKind, limits: ImportLimits, signal?: AbortSignal) {
  const { limit } = new Budget(file.size, unpackingOf(limits));
  const stream =
    kind === 'gzip' ? piecesOf(file).pipeThrough(new DecompressionStream('gzip')) : await fromXz(path, file);
  const reader = stream.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { done, value } = await reader.read().catch(() => {
      throw damaged(path);
    });
    if (done) return new Blob(parts);
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new ImportError(
        'archive-bomb',
        `${path} unpacks to more than ${sizeText(limit)}, ${Math.round(limit / file.size)} times the file.`,
        'This does not look like photographs. Unpack it yourself and drop the folder, if you trust it.',
      );
    }
    // The unpacker writes over its own memory.
    parts.push(value.slice());
  }
}

/** The kind of check in the flags of an .xz stream, and the one that xz-decompress does not know. */
const XZ_CHECK = 7;
const SHA_256 = 10;

async function fromXz(path: string, file: ByteSource): Promise<ReadableStream<Uint8Array>> {
  const [check = 0] = new Uint8Array(await readSource(file, XZ_CHECK, Math.min(file.size, XZ_CHECK + 1)));
  if ((check & 15) === SHA_256) {
    throw new ImportError(
      'archive-unsupported',
      `${path} has SHA-256 checks, which are not read here.`,
      'Unpack it (xz -d) and give the file in it.',
    );
  }
  const { XzReadableStream } = await import('xz-decompress');
  return new XzReadableStream(piecesOf(file));
}

const PIECE = 2 ** 20;

function piecesOf(file: ByteSource): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull: async (controller) => {
      const end = Math.min(at + PIECE, file.size);
      if (at < end) controller.enqueue(new Uint8Array(await file.slice(at, end).arrayBuffer()));
      at = end;
      if (at === file.size) controller.close();
    },
  });
}

function damaged(path: string): ImportError {
  return new ImportError('archive-corrupt', `${path} is damaged or cut short.`, 'Pack or download it again.');
}
