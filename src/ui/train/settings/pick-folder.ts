import type { ImportFile } from '../../../worker/protocol.ts';

/** The folder picker of the File System Access API, which not every browser has and TypeScript's types leave out. */
interface FolderPicker {
  showDirectoryPicker(options: { readonly mode: 'read' }): Promise<FileSystemDirectoryHandle>;
}

/** Files open at the same time. */
const LANES = 16;

/** Whether this browser lets a folder be picked without a question about uploading all of it. */
export function hasFolderPicker(view: object = window): view is FolderPicker {
  return 'showDirectoryPicker' in view && typeof view.showDirectoryPicker === 'function';
}

/** The files of a folder the user picks, with their paths in it; none where the user picks none. */
export async function pickFolder(picker: FolderPicker): Promise<readonly ImportFile[]> {
  let folder: FileSystemDirectoryHandle;
  try {
    folder = await picker.showDirectoryPicker({ mode: 'read' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return [];
    throw error;
  }
  const found: { readonly path: string; readonly handle: FileSystemFileHandle }[] = [];
  await findBelow(folder, folder.name, found);
  const files: ImportFile[] = [];
  const queue = found.entries();
  const lane = async () => {
    for (const [at, { path, handle }] of queue) files[at] = { path, file: await handle.getFile() };
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return files;
}

async function findBelow(
  folder: FileSystemDirectoryHandle,
  path: string,
  found: { readonly path: string; readonly handle: FileSystemFileHandle }[],
): Promise<void> {
  for await (const handle of folder.values()) {
    const below = `${path}/${handle.name}`;
    if (isFolder(handle)) await findBelow(handle, below, found);
    else if (isFile(handle)) found.push({ path: below, handle });
  }
}

function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === 'directory';
}

function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file';
}
