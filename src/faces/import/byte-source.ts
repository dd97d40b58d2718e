import { UnreadableImageError } from './unreadable-image.ts';

/** Bytes that are read in part. A browser's `File` and `Blob` are such sources; the CLI brings its own. */
export interface ByteSource {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A file that was dropped, and its path. */
export interface DroppedFile {
  readonly path: string;
  readonly file: ByteSource;
}

/** Reads from a source for one image. @throws UnreadableImageError where the file was moved, changed or locked */
export async function readSource(source: ByteSource, start: number, end: number): Promise<ArrayBuffer> {
  try {
    return await source.slice(start, end).arrayBuffer();
  } catch (cause) {
    throw new UnreadableImageError('cannot be read from the disk any more', { cause });
  }
}
