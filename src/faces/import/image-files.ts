import { Budget } from '../../formats/budget.ts';
import type { ZipEntry } from '../../formats/zip-directory.ts';
import { type ByteSource, readSource } from './byte-source.ts';
import type { SortedFile } from './file-groups.ts';
import { ImportError } from './import-error.ts';
import { type ImportLimits, sizeText, unpackingOf } from './limits.ts';
import { UnreadableImageError } from './unreadable-image.ts';
import { readZipDirectory } from './zip-directory.ts';
import { readZipEntry } from './zip-entry.ts';

/** An image that can be read when its turn comes. */
export interface ImageFile {
  /** Folders and name with `/` between, without empty and `.` parts. */
  readonly path: string;
  /** Bytes of the image, unpacked. */
  readonly size: number;
  /** @throws UnreadableImageError */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

export interface ImageFiles {
  readonly images: readonly ImageFile[];
  /** Image kinds that are not read, as `.heic`. */
  readonly foreign: readonly string[];
  /** Files that are no images, system files not counted. */
  readonly ignored: number;
  /** Those of them that may say something of the images: .txt, .csv, .lst and their like, without readme files. */
  readonly texts: readonly ImageFile[];
  /** Paths of archives that were not opened: of kinds that are not read, within others, or beside images. */
  readonly unopened: readonly string[];
  /** The archive that the images are in, or all of them together. */
  readonly archive?: Pick<ByteSource, 'size'>;
}

const READABLE = new Set([
  'jpg',
  'jpeg',
  'jpe',
  'jfif',
  'png',
  'webp',
  'pgm',
  'ppm',
  'pbm',
  'pnm',
  'gif',
  'bmp',
  'tif',
  'tiff',
]);
const TEXTS = new Set(['txt', 'csv', 'tsv', 'lst', 'list', 'tab']);
/** Lists in formats that are not read, to be named. */
const OTHER_LISTS = new Set(['mat', 'json', 'jsonl', 'xml', 'xlsx', 'pkl', 'npy', 'parquet']);
const FOREIGN = new Set(
  'heic heif avif jp2 j2k jxl svg tga ras sgi psd exr hdr pcx cr2 cr3 nef arw dng orf rw2 raf'.split(' '),
);
const ARCHIVES = new Set('zip 7z rar tar tgz gz bz2 tbz tbz2 xz txz lzma lz4 zst tzst'.split(' '));

/**
 * The images among dropped files, or inside the .zip files that were dropped: one, or one a person or a part of the set.
 * Where a .zip holds only .zip files, inside those. Archives beside images are not opened.
 * @throws ImportError
 */
export async function findImages(
  name: string,
  files: readonly SortedFile[],
  limits: ImportLimits,
): Promise<ImageFiles> {
  const archives = files.filter(({ path, kind }) => kind === 'zip' || extensionOf(path) === 'zip');
  const inFolder = sortKinds(
    files.map(({ path, kind, file }) => ({
      path,
      size: file.size,
      isImage: kind === 'image',
      isArchive: kind === 'zip',
      read: async () => new Uint8Array(await readSource(file, 0, file.size)),
    })),
  );
  if (archives.length === 0 || inFolder.images.length > 0 || inFolder.foreign.length > 0) return inFolder;
  const [archive, ...others] = archives;
  const found =
    archive !== undefined && others.length === 0
      ? await findInArchive(name, archive.file, limits)
      : await findInArchives(archives, limits);
  const opened = new Set(archives.map(({ path }) => path));
  return {
    ...found,
    ignored: found.ignored + inFolder.ignored,
    texts: [...inFolder.texts, ...found.texts],
    unopened: [...inFolder.unopened.filter((path) => !opened.has(path)), ...found.unopened],
  };
}

/**
 * Refuses an archive whose chosen images would unpack to more than is sensible, before any is unpacked. The size that
 * an entry declares then becomes its limit: see `readZipEntry`.
 * @throws ImportError
 */
export function checkExpansion(
  name: string,
  archive: Pick<ByteSource, 'size'>,
  chosen: readonly ImageFile[],
  limits: ImportLimits,
) {
  // A single image past its own limit is left out, not counted against the archive.
  const unpacked = chosen.reduce((sum, { size }) => sum + (size <= limits.maxImageBytes ? size : 0), 0);
  const { limit } = new Budget(archive.size, unpackingOf(limits));
  if (unpacked <= limit) return;
  throw new ImportError(
    'archive-bomb',
    `The images in ${name} would unpack to ${sizeText(unpacked)}, ${Math.round(unpacked / archive.size)} times the file.`,
    'This does not look like photographs. Unpack it yourself and drop the folder, if you trust it.',
  );
}

async function findInArchive(name: string, archive: ByteSource, limits: ImportLimits): Promise<ImageFiles> {
  if (archive.size > limits.maxArchiveBytes) {
    throw new ImportError(
      'file-too-large',
      `${name} is ${sizeText(archive.size)}; a .zip of up to ${sizeText(limits.maxArchiveBytes)} is read.`,
      'Drop the unpacked folder, or fewer people.',
    );
  }
  const entries = await entriesOf(name, archive, limits);
  const found = sortKinds(entries);
  const inner = entries.filter(({ path }) => extensionOf(path) === 'zip');
  if (found.images.length > 0 || inner.length === 0) {
    checkReadable(name, found.images);
    return { ...found, archive };
  }
  checkExpansion(name, archive, inner, limits);
  const unpacked: ZippedFile[] = [];
  for (const zip of inner) unpacked.push(...(await entriesInside(zip, limits)));
  const inside = sortKinds([...entries.filter((entry) => !inner.includes(entry)), ...unpacked]);
  checkReadable(name, inside.images);
  return { ...inside, archive };
}

/** The images of several .zip files, each in a folder of its name. */
async function findInArchives(archives: readonly SortedFile[], limits: ImportLimits): Promise<ImageFiles> {
  const all: ImageFiles[] = [];
  for (const { path, file } of archives) {
    const found = await findInArchive(path, file, limits);
    const within = (inside: ImageFile) => ({ ...inside, path: `${folderOf(path)}/${inside.path}` });
    all.push({ ...found, images: found.images.map(within), texts: found.texts.map(within) });
  }
  return {
    images: all.flatMap(({ images }) => images),
    foreign: all.flatMap(({ foreign }) => foreign),
    ignored: all.reduce((sum, { ignored }) => sum + ignored, 0),
    texts: all.flatMap(({ texts }) => texts),
    unopened: all.flatMap(({ unopened }) => unopened),
    archive: { size: archives.reduce((sum, { file }) => sum + file.size, 0) },
  };
}

/** An archive's path without the ending: its files lie in a folder of its name. */
export function folderOf(archive: string): string {
  return archive.replace(/\.(?:zip|tar)$/i, '');
}

type ZippedFile = ImageFile & ZipEntry;

async function entriesOf(name: string, archive: ByteSource, { maxFiles }: ImportLimits): Promise<ZippedFile[]> {
  return (await readZipDirectory(name, archive, maxFiles))
    .map((entry) => ({ ...entry, path: cleanPath(entry.path) }))
    .filter(({ path, folder }) => !folder && !isSystemFile(path))
    .map((entry) => ({ ...entry, read: () => readZipEntry(archive, entry) }));
}

/** The files of a .zip within a .zip, in a folder of its name: one a person is as good as one for all. */
async function entriesInside({ path, size, read }: ZippedFile, limits: ImportLimits): Promise<ZippedFile[]> {
  try {
    const archive = new Blob([await read()]);
    const entries = await entriesOf(path, archive, limits);
    checkExpansion(path, { size }, entries, limits);
    return entries.map((entry) => ({ ...entry, path: `${folderOf(path)}/${entry.path}` }));
  } catch (error) {
    if (!(error instanceof UnreadableImageError)) throw error;
    throw new ImportError('archive-corrupt', `${path} ${error.message}.`, 'Pack it again, or unpack it first.');
  }
}

/** An archive of which no image can be read at all is refused as a whole, with the reason. */
function checkReadable(name: string, images: readonly ZippedFile[]) {
  if (images.length === 0) return;
  if (images.every(({ encrypted }) => encrypted)) {
    throw new ImportError('archive-encrypted', `${name} is locked with a password.`, 'Unpack it and drop the folder.');
  }
  if (images.every(({ method }) => method !== 'stored' && method !== 'deflated')) {
    throw new ImportError(
      'archive-unsupported',
      `${name} is packed with a method that is not read here.`,
      'Pack it again as an ordinary .zip, or drop the unpacked folder.',
    );
  }
}

/** `isImage` is set where the first bytes have been looked at; else the name decides, until the image's turn comes. */
function sortKinds<T extends ImageFile & { readonly isImage?: boolean; readonly isArchive?: boolean }>(
  files: readonly T[],
): ImageFiles & { readonly images: readonly T[] } {
  const images = files.filter(({ path, isImage }) => isImage === true || isNamedAsImage(path));
  const taken = new Set(images);
  const others = files.filter((file) => !taken.has(file));
  const foreign = others.map(({ path }) => extensionOf(path)).filter((extension) => FOREIGN.has(extension));
  const unopened = others.filter(({ path, isArchive }) => isArchive === true || isNamedAsArchive(path));
  return {
    images,
    foreign: foreign.map((extension) => `.${extension}`),
    ignored: others.length - foreign.length - unopened.length,
    texts: others.filter(({ path }) => mayBeList(path)),
    unopened: unopened.map(({ path }) => path),
  };
}

function mayBeList(path: string): boolean {
  const extension = extensionOf(path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    (TEXTS.has(extension) || OTHER_LISTS.has(extension)) && !/^(?:read_?me|licen[cs]e|copying|changelog)/i.test(name)
  );
}

/** Whether a name says that the file is an image of a kind that is read. */
export function isNamedAsImage(path: string): boolean {
  return READABLE.has(extensionOf(path));
}

/** Whether a name says that the file holds others. */
export function isNamedAsArchive(path: string): boolean {
  return ARCHIVES.has(extensionOf(path));
}

/** Lower case, without the dot; empty where there is none. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/**
 * Windows' separators become `/`, and names are composed (NFC), since macOS and archives spell one name in two ways.
 */
export function cleanPath(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/');
  return parts
    .filter((part) => part !== '' && part !== '.')
    .join('/')
    .normalize('NFC');
}

/** System files: `__MACOSX`, names with a leading dot, Thumbs.db, desktop.ini, @eaDir. */
export function isSystemFile(path: string): boolean {
  const parts = path.split('/');
  const last = (parts.at(-1) ?? '').toLowerCase();
  if (last === 'thumbs.db' || last === 'desktop.ini') return true;
  return parts.some((part) => part.startsWith('.') || part === '__MACOSX' || part === '@eaDir');
}
