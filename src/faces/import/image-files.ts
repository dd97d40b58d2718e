import { Budget } from '../../formats/budget.ts';
import type { ZipEntry } from '../../formats/zip-directory.ts';
import { type ByteSource, type DroppedFile, readSource } from './byte-source.ts';
import type { SortedFile } from './file-groups.ts';
import {
  cleanPath,
  extensionOf,
  folderOf,
  isForeignImage,
  isNamedAsArchive,
  isNamedAsImage,
  isSystemFile,
  isZipPart,
  mayBeList,
} from './file-names.ts';
import { ImportError } from './import-error.ts';
import { type ImportLimits, sizeText, unpackingOf } from './limits.ts';
import { unpackLayers } from './unpack-files.ts';
import { UnreadableImageError } from './unreadable-image.ts';
import { onePart, readZipDirectory } from './zip-directory.ts';
import { readZipEntry } from './zip-entry.ts';

/** An image that can be read when its turn comes. */
export interface ImageFile {
  /** Folders and name with `/` between, without empty and `.` parts. */
  readonly path: string;
  /** Bytes of the image, unpacked. */
  readonly size: number;
  /** Where its bytes are, if nothing but it is there: the same for a file and the links to it. */
  readonly file?: ByteSource;
  /** @throws UnreadableImageError */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

export interface ImageFiles {
  readonly images: readonly ImageFile[];
  /** Image kinds that are not read, as `.tga`. */
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

/**
 * The images among dropped files, or inside the .zip files that were dropped: one, or one a person or a part of the set.
 * Where a .zip holds only archives, inside those. Archives beside images are not opened.
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
      ...wholeFile({ path, file }),
      isImage: kind === 'image',
      isArchive: kind === 'zip',
    })),
  );
  if (archives.length === 0 || inFolder.images.length > 0 || inFolder.foreign.length > 0) return inFolder;
  const part = archives.find(({ path }) => isZipPart(path));
  if (part !== undefined) throw onePart(part.path);
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
  // `binsInArchive` has the pairs.
  const entries = (await entriesOf(name, archive, limits)).filter(({ path }) => !isBin(path));
  const found = sortKinds(entries.map(packedData));
  const inner = entries.filter(({ path }) => /\.(?:zip|tar|tgz|gz|xz)$/i.test(path));
  if (found.images.length > 0 || inner.length === 0) {
    checkReadable(name, found.images);
    return { ...found, archive };
  }
  checkExpansion(name, archive, inner, limits);
  const unpacked: FileInside[] = [];
  // However often they are packed, files unpack to no more than those of one archive may.
  let { limit: left } = new Budget(archive.size, unpackingOf(limits));
  for (const packed of inner) {
    const files = await filesInside(packed, { ...limits, maxUnpackedBytes: left });
    left -= files.reduce((sum, { size }) => sum + size, 0);
    // Of 120,000 files a call would have too many arguments.
    for (const file of files) unpacked.push(file);
  }
  const inside = sortKinds([...entries.filter((entry) => !inner.includes(entry)), ...unpacked].map(packedData));
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

/** A file in an archive, to be unpacked in memory. */
interface PackedBin {
  readonly path: string;
  /** @throws ImportError where it is damaged */
  unpack(): Promise<Blob>;
}

/**
 * The files in a .zip whose names promise a verification set.
 * @throws ImportError where they would unpack to more than is sensible
 */
export async function binsInArchive({ path, file }: DroppedFile, limits: ImportLimits): Promise<readonly PackedBin[]> {
  if (file.size > limits.maxArchiveBytes) return [];
  // The reader of its images reports a damaged archive.
  const entries = await entriesOf(path, file, limits).catch((error: unknown) => {
    if (error instanceof ImportError) return [];
    throw error;
  });
  const bins = entries.filter((entry) => isBin(entry.path));
  checkExpansion(path, file, bins, { ...limits, maxImageBytes: Number.POSITIVE_INFINITY });
  return bins.map((bin) => ({ path: bin.path, unpack: () => unpackedEntry(bin) }));
}

type ZippedFile = ImageFile & ZipEntry;
/** A file of an archive within an archive; of a .tar nothing more is known. */
type FileInside = ImageFile & Partial<ZipEntry>;

/** Records are read from files alone, and pairs from no archive in an archive: they are named as not opened. */
function packedData<File extends FileInside>(file: File): File & { readonly isArchive: boolean } {
  return { ...file, isArchive: /\.(?:bin|rec)$/i.test(file.path) };
}

/** A given file, to be read whole. */
function wholeFile({ path, file }: DroppedFile): ImageFile {
  return { path, size: file.size, file, read: async () => new Uint8Array(await readSource(file, 0, file.size)) };
}

/** The lists of contents that were read, for as long as their archives are held: one may have 50 MB. */
const directories = new WeakMap<ByteSource, readonly ZipEntry[]>();

async function entriesOf(name: string, archive: ByteSource, { maxFiles }: ImportLimits): Promise<ZippedFile[]> {
  const listed = directories.get(archive) ?? (await readZipDirectory(name, archive, maxFiles));
  directories.set(archive, listed);
  const entries = listed
    .map((entry) => ({ ...entry, path: cleanPath(entry.path) }))
    .filter(({ path, folder }) => !folder && !isSystemFile(path));
  // As when unpacked, a later file replaces an earlier one of its path.
  const last = new Map(entries.map((entry) => [entry.path, entry]));
  return [...last.values()].map((entry) => ({ ...entry, read: () => readZipEntry(archive, entry) }));
}

/** The files of an archive within a .zip, in a folder of its name: one a person is as good as one for all. */
async function filesInside(packed: ZippedFile, limits: ImportLimits): Promise<readonly FileInside[]> {
  const { path, size } = packed;
  const archive = await unpackedEntry(packed);
  if (extensionOf(path) !== 'zip') return (await unpackLayers({ path, file: archive }, limits)).map(wholeFile);
  const entries = await entriesOf(path, archive, limits);
  checkExpansion(path, { size }, entries, limits);
  return entries.map((entry) => ({ ...entry, path: `${folderOf(path)}/${entry.path}` }));
}

async function unpackedEntry({ path, read }: ZippedFile): Promise<Blob> {
  try {
    return new Blob([await read()]);
  } catch (error) {
    if (!(error instanceof UnreadableImageError)) throw error;
    throw new ImportError('archive-corrupt', `${path} ${error.message}.`, 'Pack it again, or unpack it first.');
  }
}

function isBin(path: string): boolean {
  return extensionOf(path) === 'bin';
}

/** An archive of which no image can be read at all is refused as a whole, with the reason. */
function checkReadable(name: string, images: readonly FileInside[]) {
  if (images.length === 0) return;
  if (images.every(({ encrypted }) => encrypted)) {
    throw new ImportError('archive-encrypted', `${name} is locked with a password.`, 'Unpack it and drop the folder.');
  }
  if (images.every(({ method }) => method === 'other')) {
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
  const foreign = others.map(({ path }) => path).filter(isForeignImage);
  const unopened = others.filter(({ path, isArchive }) => isArchive === true || isNamedAsArchive(path));
  return {
    images,
    foreign: foreign.map((path) => `.${extensionOf(path)}`),
    ignored: others.length - foreign.length - unopened.length,
    texts: others.filter(({ path }) => mayBeList(path)),
    unopened: unopened.map(({ path }) => path),
  };
}
