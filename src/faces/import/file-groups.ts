import { type DroppedFile, readSource } from './byte-source.ts';
import { type FileKind, fileKind, KIND_BYTES } from './file-kind.ts';
import { cleanPath, extensionOf, folderOf, isNamedAsArchive, isNamedAsImage, isSystemFile } from './file-names.ts';
import type { IjbLists } from './ijb-folder.ts';
import { binsInArchive } from './image-files.ts';
import { ImportError } from './import-error.ts';
import type { ImportLimits } from './limits.ts';
import { notPairs } from './pairs-file.ts';
import type { RecordParts } from './records-file.ts';
import { isPacked, unpackFile } from './unpack-files.ts';

/** A given file whose first bytes have been looked at. */
export interface SortedFile extends DroppedFile {
  readonly kind: FileKind;
}

/** Given files, sorted into groups that belong together; of those as they are nothing but first bytes has been read. */
export interface FileGroups {
  /** Verification sets, such as lfw.bin. */
  readonly pairs: readonly SortedFile[];
  /** Training sets, each with the files beside it. */
  readonly records: readonly RecordParts[];
  /** IJB folders: the name, the lists, and the files below it. */
  readonly ijb: readonly { readonly name: string; readonly lists: IjbLists; readonly files: readonly SortedFile[] }[];
  /** Images, archives and all other files. */
  readonly rest: readonly SortedFile[];
  /** Files whose name promises one of these kinds and whose content is another. */
  readonly problems: readonly ImportError[];
}

/** In a larger drop, files that are named as images are taken at their word until their turn comes. */
const LOOK_AT_ALL = 20;
/** The kind that a file's name promises. */
const DATA_NAMES: ReadonlySet<string> = new Set(['bin', 'rec', 'idx']);

/**
 * Sorts given files by their content. Paths are cleaned, and system files (`__MACOSX`, Thumbs.db, ...) are left out.
 * @throws ImportError `too-many-files`, or the signal's reason
 */
export async function sortFiles(
  name: string,
  given: readonly DroppedFile[],
  limits: ImportLimits,
  signal?: AbortSignal,
): Promise<FileGroups> {
  const real = given
    .map(({ path, file }) => ({ path: cleanPath(path), file }))
    .filter(({ path }) => !isSystemFile(path));
  if (real.length > limits.maxFiles) {
    throw new ImportError(
      'too-many-files',
      `${name} holds ${real.length} files; up to ${limits.maxFiles} are read.`,
      'Drop fewer people.',
    );
  }
  const files: SortedFile[] = [];
  const packed: ImportError[] = [];
  // Of several archives, or one beside images, each has a folder of its name: it may be a person.
  const alone = real.filter(({ path }) => isNamedAsImage(path) || /\.(?:tar|tgz|gz|xz)$/i.test(path)).length <= 1;
  const attempt = async (task: () => Promise<void>) => {
    try {
      await task();
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      packed.push(error);
    }
  };
  const takeBins = async (archive: DroppedFile) => {
    for (const { path, unpack } of await binsInArchive(archive, limits)) {
      await attempt(async () => {
        const file = { path, file: await unpack() };
        const kind = await kindOf(file, true, limits);
        // Anything else would pass for a file beside the archive.
        if (kind !== 'pairs-bin') throw notPairs(path);
        files.push({ ...file, kind });
      });
    }
  };
  // A .tar in a .gz is two layers; more are nobody's.
  const sort = async (file: DroppedFile, lookAtAll: boolean, layers: number): Promise<void> => {
    signal?.throwIfAborted();
    const sorted = { ...file, kind: await kindOf(file, lookAtAll, limits) };
    if (layers === 0 || !isPacked(sorted.kind)) {
      files.push(sorted);
      if (sorted.kind === 'zip') await attempt(() => takeBins(file));
      return;
    }
    await attempt(async () => {
      const inside = await unpackFile(sorted, limits, signal);
      const folder = sorted.kind === 'tar' && !alone ? `${folderOf(sorted.path)}/` : '';
      for (const inner of inside) {
        await sort({ ...inner, path: folder + inner.path }, inside.length <= LOOK_AT_ALL, layers - 1);
      }
    });
  };
  for (const file of real) await sort(file, real.length <= LOOK_AT_ALL, 2);
  const ijb = ijbGroups(name, files);
  const inIjb = new Set(ijb.flatMap((group) => group.files));
  const others = files.filter((file) => !inIjb.has(file));
  const records = others.filter(({ kind }) => kind === 'records').map((rec) => partsOf(rec, others));
  const parts = new Set<unknown>(records.flatMap(({ rec, idx, lst, property }) => [rec, idx, lst, property]));
  const free = others.filter((file) => !parts.has(file));
  const pairs = free.filter(({ kind }) => kind === 'pairs-bin');
  const rest = free.filter(({ kind }) => kind !== 'pairs-bin');
  return { pairs, records, ijb, rest, problems: [...packed, ...rest.flatMap(problemOf)] };
}

async function kindOf(file: DroppedFile, lookAtAll: boolean, limits: ImportLimits): Promise<FileKind> {
  if (isNamedAsImage(file.path) && !lookAtAll) return 'image';
  // Refused by its size alone, later and with a sentence.
  if (extensionOf(file.path) === 'zip' && file.file.size > limits.maxArchiveBytes) return 'zip';
  try {
    const end = Math.min(file.file.size, KIND_BYTES);
    return fileKind(new Uint8Array(await readSource(file.file, 0, end)));
  } catch {
    // The reader of the whole file reports the fault.
    return 'unknown';
  }
}

/** Lists of IJB by the folder above them, with everything below that folder. */
function ijbGroups(name: string, files: readonly SortedFile[]): FileGroups['ijb'] {
  const roots = new Map<string, SortedFile[]>();
  for (const file of files) {
    if (!file.kind.startsWith('ijb-')) continue;
    const root = parentOf(file.path).replace(/(^|\/)meta$/, '');
    roots.set(root, [...(roots.get(root) ?? []), file]);
  }
  return [...roots].flatMap(([root, lists]) => {
    const of = (kind: FileKind) => lists.find((list) => list.kind === kind);
    const found = { images: of('ijb-images'), pairs: of('ijb-pairs'), landmarks: of('ijb-landmarks') };
    // One list alone may be anybody's, unless its name says whose.
    const several = Object.values(found).filter((list) => list !== undefined).length >= 2;
    if (!several && !lists.some(({ path }) => /ijb/i.test(path))) return [];
    const below = files.filter(({ path }) => root === '' || path.startsWith(`${root}/`));
    return [{ name: root.split('/').at(-1) || name, lists: found, files: below }];
  });
}

/** The file beside a .rec file: of the same name, or the only one of its kind there. */
function partsOf(rec: SortedFile, files: readonly SortedFile[]): RecordParts {
  const beside = files.filter(({ path }) => parentOf(path) === parentOf(rec.path));
  const part = (kind: FileKind) => {
    const all = beside.filter((file) => file.kind === kind);
    return all.find(({ path }) => stemOf(path) === stemOf(rec.path)) ?? (all.length === 1 ? all[0] : undefined);
  };
  return { rec, idx: part('record-index'), lst: part('record-list'), property: part('property') };
}

function problemOf(file: SortedFile): readonly ImportError[] {
  const { path, kind } = file;
  const extension = extensionOf(path);
  if (kind === 'record-index' && extension === 'idx') {
    const rec = path.replace(/idx$/, 'rec');
    return [
      new ImportError(
        'missing-part',
        `${path} is the index of a .rec file, which is not there.`,
        `Give ${rec} with it.`,
      ),
    ];
  }
  if (kind === 'empty' && (DATA_NAMES.has(extension) || isNamedAsArchive(path))) {
    return [new ImportError('file-empty', `${path} is empty: it has 0 bytes.`, 'Copy or download the file again.')];
  }
  if (kind !== 'unknown' || !DATA_NAMES.has(extension)) return [];
  if (extension === 'bin') return [notPairs(path)];
  return [
    new ImportError(
      'unknown-file',
      extension === 'rec'
        ? `${path} is no MXNet RecordIO file: it does not begin with the bytes 0A 23 D7 CE.`
        : `${path} is no index of a .rec file: its lines are not a key and a byte offset.`,
      'Use train.rec and train.idx as InsightFace or im2rec wrote them.',
    ),
  ];
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name;
}
