import type { Raster } from './bmp.ts';

/**
 * Turns and mirrors an image as its tag 274 of TIFF and EXIF says: 1 as it is, 2 to 4 mirrored or upside down, 5 to 8
 * lying on a side. Other values say nothing.
 */
export function upright(image: Raster, orientation: number): Raster {
  if (!(orientation >= 2 && orientation <= 8)) return image;
  const { width, height, pixels } = image;
  const lies = orientation >= 5;
  const [across, down] = lies ? [height, width] : [width, height];
  const mirrored = [2, 3, 7, 8].includes(orientation);
  const flipped = [3, 4, 6, 7].includes(orientation);
  const turned = new Uint8Array(pixels.length);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const [column, row] = lies ? [y, x] : [x, y];
      const from = 3 * ((flipped ? height - 1 - row : row) * width + (mirrored ? width - 1 - column : column));
      const to = 3 * (y * across + x);
      turned[to] = pixels[from] ?? 0;
      turned[to + 1] = pixels[from + 1] ?? 0;
      turned[to + 2] = pixels[from + 2] ?? 0;
    }
  }
  return { width: across, height: down, pixels: turned };
}
