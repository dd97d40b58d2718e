import { crc32 } from '../../formats/crc32.ts';
import { inflateAtMost } from '../../formats/inflate.ts';
import type { ZipEntry } from '../../formats/zip-directory.ts';
import { type ByteSource, readSource } from './byte-source.ts';
import { UnreadableImageError } from './unreadable-image.ts';

const HEADER_SIGNATURE = 0x04034b50;
const HEADER_BYTES = 30;

/**
 * Unpacks one entry. It never gives, nor keeps in memory, more than the declared size and one push beyond it, and the
 * checksum must hold.
 * @throws UnreadableImageError
 */
export async function readZipEntry(archive: ByteSource, entry: ZipEntry): Promise<Uint8Array<ArrayBuffer>> {
  if (entry.encrypted) throw new UnreadableImageError('is locked with a password');
  if (entry.method === 'other') throw new UnreadableImageError('is packed with a method that is not read here');
  // Deflate never makes data much longer; without this a few pixels could ask for gigabytes of packed bytes.
  if (entry.packedSize > 2 * entry.size + 1024) throw damaged();
  const header = new DataView(await readPart(archive, entry.offset, HEADER_BYTES));
  if (header.getUint32(0, true) !== HEADER_SIGNATURE) throw damaged();
  const start = entry.offset + HEADER_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = new Uint8Array(await readPart(archive, start, entry.packedSize));
  const bytes = entry.method === 'stored' ? packed : inflate(packed, entry.size);
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc32) throw damaged();
  return bytes;
}

async function readPart(archive: ByteSource, start: number, length: number): Promise<ArrayBuffer> {
  const bytes = await readSource(archive, start, start + length);
  if (bytes.byteLength !== length) throw damaged();
  return bytes;
}

function inflate(packed: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  try {
    const { bytes, over } = inflateAtMost(packed, size);
    if (!over) return bytes;
  } catch (error) {
    // An error of fflate means that the data are damaged.
    throw damaged(error);
  }
  throw new UnreadableImageError('unpacks to more than the archive says');
}

function damaged(cause?: unknown): UnreadableImageError {
  return new UnreadableImageError('is damaged in the archive', { cause });
}
