import type { ImportFile } from '../../worker/protocol.ts';

/** Files that were picked, with their paths in the picked folder. */
export function pickedFiles(files: Iterable<File>): readonly ImportFile[] {
  return Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/**
 * Files that were dropped, those of folders too, with their paths. The files of the drop are listed before the
 * first wait, since browsers forget it then. Rejects where a folder cannot be read.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly ImportFile[]> {
  const items = Array.from(transfer.items)
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }));
  const found = await Promise.all(
    items.map(({ entry, file }) => (entry === null ? pickedFiles(file === null ? [] : [file]) : filesUnder(entry))),
  );
  return found.flat();
}

async function filesUnder(entry: FileSystemEntry): Promise<readonly ImportFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\/+/, ''), file }];
  }
  if (!isDirectory(entry)) return [];
  const reader = entry.createReader();
  const files: ImportFile[] = [];
  for (;;) {
    // A reader gives a hundred entries or so at a time, and none when it is through.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return files;
    for (const inner of await Promise.all(some.map(filesUnder))) files.push(...inner);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** A name for the files: after their only file, their only folder, or their number. */
export function dropName(files: readonly ImportFile[]): string {
  const only = files.length === 1 ? files[0] : undefined;
  if (only !== undefined) return only.file.name;
  const folders = new Set(files.map(({ path }) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')));
  const [folder] = folders;
  return folders.size === 1 && folder ? folder : `${files.length} files`;
}

/** A drop that could not be read, as a sentence. */
export function unreadableDrop(error: unknown): string {
  return `The browser could not read the dropped files: ${error instanceof Error ? error.message : String(error)}.`;
}
