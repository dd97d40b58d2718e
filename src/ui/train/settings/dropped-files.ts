import type { ImportFile } from '../../../worker/protocol.ts';

/** Files with where they stood in what was dropped: browsers and react-dropzone keep that in different places. */
export function importFiles(files: readonly File[]): readonly ImportFile[] {
  return files.map((file) => ({ path: pathOf(file), file }));
}

function pathOf(file: File): string {
  const dropped = 'path' in file && typeof file.path === 'string' ? file.path : '';
  const path = file.webkitRelativePath || dropped || file.name;
  return path.replace(/^\.?\/+/, '');
}

/** What to call the drop: its file, its folder, or how many files it holds. */
export function dropName(files: readonly ImportFile[]): string {
  const only = files.length === 1 ? files[0] : undefined;
  if (only !== undefined) return only.file.name;
  const folders = new Set(files.map(({ path }) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')));
  const [folder] = folders;
  return folders.size === 1 && folder ? folder : `${files.length} files`;
}
