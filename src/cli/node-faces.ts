import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import sharp from 'sharp';
import type { ByteSource, DroppedFile } from '../faces/import/byte-source.ts';
import type { DecodeImage } from '../faces/import/read-image.ts';
import { FileProblem } from './files.ts';

/**
 * The files of a folder, or a single file such as a .zip, for `importFaces`; with train.rec also the files beside it:
 * train.idx, train.lst, property. Nothing is read before it is asked for.
 * Links are followed; a folder that several lead to is read once, so that a circle of links ends.
 * @throws NodeJS.ErrnoException when the path does not exist or may not be read
 */
export async function filesOf(path: string): Promise<DroppedFile[]> {
  const root = await stat(path);
  if (!root.isDirectory()) {
    const paths = extname(path) === '.rec' ? [path, ...(await besideRecords(path))] : [path];
    return Promise.all(
      paths.map(async (at) => ({ path: basename(at), file: new FileOnDisk(at, (await stat(at)).size) })),
    );
  }
  return filesBelow(path);
}

/** The files of a folder and, where links lead out of it, of the folders they lead to: of each folder once, and of none above it. */
async function filesBelow(path: string): Promise<DroppedFile[]> {
  const files: DroppedFile[] = [];
  const root = await realpath(path);
  const read = new Set<string>();
  const folders = [path];
  // Folders of its own come first, so that a link to one of them adds nothing.
  const links: string[] = [];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop() ?? links.pop()) {
    const place = await realpath(folder).catch(() => undefined);
    const holdsAll = place !== undefined && place !== root && !relative(place, root).startsWith('..');
    if (place === undefined || holdsAll || read.has(place)) continue;
    read.add(place);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const at = join(folder, entry.name);
      const linked = entry.isSymbolicLink();
      const about = entry.isFile() || linked ? await stat(at).catch(() => undefined) : undefined;
      if (entry.isDirectory()) folders.push(at);
      else if (linked && about?.isDirectory()) links.push(at);
      // A link to nowhere, or anything but a file or a folder, is no image.
      else if (about?.isFile()) files.push({ path: relative(path, at), file: new FileOnDisk(at, about.size) });
    }
  }
  return files;
}

async function besideRecords(path: string): Promise<readonly string[]> {
  const folder = dirname(path);
  const stem = basename(path, '.rec');
  const wanted = new Set([`${stem}.idx`, `${stem}.lst`, 'property']);
  return (await readdir(folder)).filter((name) => wanted.has(name)).map((name) => join(folder, name));
}

/**
 * Decodes with libvips as browsers do: turned upright by EXIF, converted to sRGB, 8 bit.
 * Images are checked for size before; sharp's own limit is the second guard.
 */
export const decodeWithSharp: DecodeImage = async (bytes) => {
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({
      resolveWithObject: true,
    });
  if (info.channels !== 4) throw new Error(`Expected RGBA, got ${info.channels} channels.`);
  return { width: info.width, height: info.height, channels: 4, pixels: data };
};

/** A file that is opened for each read: a set has more files than a process may hold open. */
class FileOnDisk implements ByteSource {
  readonly #path: string;
  readonly size: number;

  constructor(path: string, size: number) {
    this.#path = path;
    this.size = size;
  }

  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> } {
    return { arrayBuffer: () => this.#read(Math.min(start, this.size), Math.min(end, this.size)) };
  }

  async #read(start: number, end: number): Promise<ArrayBuffer> {
    const handle = await open(this.#path, 'r');
    try {
      const bytes = new Uint8Array(Math.max(0, end - start));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      if (bytesRead < bytes.length)
        throw new FileProblem('unreadable', `${this.#path} is shorter than it was.`, 'Was it changed? Try again.');
      return bytes.buffer;
    } finally {
      await handle.close();
    }
  }
}
