import { IMAGE_ENDINGS } from '../../formats/image-endings.ts';
import { plainPath } from '../../formats/plain-path.ts';

/* The kinds of given files, by their names. */

const READABLE = new Set(IMAGE_ENDINGS);
const TEXTS = new Set(['txt', 'csv', 'tsv', 'lst', 'list', 'tab']);
/** Lists in formats that are not read, to be named. */
const OTHER_LISTS = new Set(['mat', 'json', 'jsonl', 'xml', 'xlsx', 'pkl', 'npy', 'parquet']);
/** Names of lists whose ending was lost. */
const BARE_LIST = /^[^.]*(?:pairs?|labels?|identit(?:y|ies)|people|list)[^.]*$/i;
const FOREIGN = new Set('jp2 j2k jxl svg tga ras sgi psd exr hdr pcx cr2 cr3 nef arw dng orf rw2 raf'.split(' '));
const ARCHIVES = new Set('zip 7z rar tar tgz gz bz2 tbz tbz2 xz txz lzma lz4 zst tzst'.split(' '));

/** Whether a name says that the file is an image of a kind that is read. */
export function isNamedAsImage(path: string): boolean {
  return READABLE.has(extensionOf(path));
}

/** Whether a name says that the file holds others. */
export function isNamedAsArchive(path: string): boolean {
  return ARCHIVES.has(extensionOf(path));
}

/** Whether a name says that the file is a part of a .zip in several files: `set.z01`, `set.zip.001`. */
export function isZipPart(path: string): boolean {
  return /\.(?:z\d\d|zip\.\d{3})$/i.test(path);
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
  return plainPath(path.replaceAll('\\', '/')).normalize('NFC');
}

/** System files: `__MACOSX`, names with a leading dot, Thumbs.db, desktop.ini, @eaDir. */
export function isSystemFile(path: string): boolean {
  const parts = path.split('/');
  const last = (parts.at(-1) ?? '').toLowerCase();
  if (last === 'thumbs.db' || last === 'desktop.ini') return true;
  return parts.some((part) => part.startsWith('.') || part === '__MACOSX' || part === '@eaDir');
}

/** Whether a name says that the file is an image of a kind that is not read. */
export function isForeignImage(path: string): boolean {
  return FOREIGN.has(extensionOf(path));
}

/** Whether a name says that a text may say something of images. */
export function mayBeList(path: string): boolean {
  const extension = extensionOf(path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    (TEXTS.has(extension) || OTHER_LISTS.has(extension) || BARE_LIST.test(name)) &&
    !/^(?:read_?me|licen[cs]e|copying|changelog)/i.test(name)
  );
}

/** An archive's path without the ending: its files lie in a folder of its name. */
export function folderOf(archive: string): string {
  return archive.replace(/\.(?:zip|tar)$/i, '');
}
