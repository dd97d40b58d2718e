import sharp from 'sharp';
import type { DroppedFile } from '../byte-source.ts';
import type { DecodeImage } from '../read-image.ts';

/* Small image files for the tests of the import; no test data of real people is kept in the repository. */

/** A drawing of a colour and a gradient, encoded. */
export async function imageBytes(kind: 'jpeg' | 'png' | 'webp' | 'avif', width: number, height: number, seed = 1) {
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < pixels.length; at++) pixels[at] = (((at / 3) % width) * 2 + seed * 37 + (at % 3) * 50) & 255;
  return new Uint8Array(
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .toFormat(kind)
      .toBuffer(),
  );
}

/** A raw grey map, every pixel of one value. */
export function pgmBytes(width: number, height: number, value: number): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`);
  const bytes = new Uint8Array(header.length + width * height).fill(value);
  bytes.set(header);
  return bytes;
}

/** Files as a browser gives them for a dropped folder. */
export function droppedFiles(contents: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): DroppedFile[] {
  return Object.entries(contents).map(([path, bytes]) => ({ path, file: new Blob([bytes]) }));
}

/** Decodes as the command line does. */
export const testDecoder: DecodeImage = async (bytes) => {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 4, pixels: data };
};
