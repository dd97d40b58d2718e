import { readingZipDirectory, type ZipEntry, type ZipFault } from '../../formats/zip-directory.ts';
import type { ByteSource } from './byte-source.ts';
import { ImportError } from './import-error.ts';

const FIRST_ENTRY_SIGNATURE = 0x04034b50;

/**
 * Reads the list of an archive's contents.
 * @param name the archive, for messages
 * @throws ImportError `not-an-archive`, `archive-truncated`, `archive-corrupt`, `archive-unsupported`,
 * `too-many-files`,
 *   `file-unreadable`
 */
export async function readZipDirectory(
  name: string,
  archive: ByteSource,
  maxEntries: number,
): Promise<readonly ZipEntry[]> {
  const read = (start: number, end: number) => readPart(name, archive, start, end);
  const reading = readingZipDirectory(archive.size, maxEntries);
  let step = reading.next();
  while (step.done !== true) step = reading.next(await read(...step.value));
  if ('entries' in step.value) return step.value.entries;
  const { fault, count } = step.value;
  if (fault !== 'no-end') throw problemOf(fault, name, count, maxEntries);
  throw await noEnd(name, read, archive.size);
}

function problemOf(fault: Exclude<ZipFault, 'no-end'>, name: string, count: number, most: number): ImportError {
  switch (fault) {
    case 'too-many':
      return new ImportError(
        'too-many-files',
        `${name} lists ${count} files; up to ${most} are read.`,
        'Drop fewer people.',
      );
    case 'in-parts':
      return onePart(name);
    case 'corrupt':
      return new ImportError(
        'archive-corrupt',
        `${name} is damaged: its list of contents makes no sense.`,
        'Pack or download it again.',
      );
  }
}

/** The sentence for a part of an archive, as `set.z01` or `set.zip.001`. */
export function onePart(name: string): ImportError {
  return new ImportError(
    'archive-unsupported',
    `${name} is one part of an archive in several files.`,
    'Join the parts and unpack them, then drop the folder.',
  );
}

async function noEnd(
  name: string,
  read: (start: number, end: number) => Promise<DataView>,
  size: number,
): Promise<ImportError> {
  const begins = size >= 4 && (await read(0, 4)).getUint32(0, true) === FIRST_ENTRY_SIGNATURE;
  if (begins) {
    return new ImportError(
      'archive-truncated',
      `${name} is cut short: its end is missing.`,
      'Download or copy it again.',
    );
  }
  return new ImportError('not-an-archive', `${name} is not a .zip file inside.`, 'Drop a .zip, or the folder itself.');
}

async function readPart(name: string, archive: ByteSource, start: number, end: number): Promise<DataView> {
  try {
    const bytes = await archive.slice(start, end).arrayBuffer();
    if (bytes.byteLength === end - start) return new DataView(bytes);
  } catch (cause) {
    throw unreadable(name, { cause });
  }
  throw unreadable(name);
}

function unreadable(name: string, options?: ErrorOptions): ImportError {
  return new ImportError(
    'file-unreadable',
    `${name} cannot be read any more.`,
    'Was it moved or changed? Drop it again.',
    options,
  );
}
