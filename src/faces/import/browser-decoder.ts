import type { DecodeImage } from './read-image.ts';

/** Up to here the canvas is kept for the next image. */
const KEPT_PIXELS = 1_000_000;

/**
 * Decodes with the browser's own JPEG, PNG and WebP decoders, in a worker or on the page. Pixels may differ from
 * Node's by a step or two of 255: JPEG leaves the rounding to the decoder.
 * @throws InvalidStateError when the bytes are no image
 */
export function browserDecoder(): DecodeImage {
  const canvas = new OffscreenCanvas(1, 1);
  // Pixels are read back immediately, so the canvas is better kept out of the graphics card.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser gives a worker no 2D canvas.');
  return async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([bytes]), { imageOrientation: 'from-image' });
    try {
      const { width, height } = bitmap;
      // From here to the read nothing waits, so images that are decoded at the same time cannot mix.
      if (canvas.width < width || canvas.height < height) {
        canvas.width = width;
        canvas.height = height;
      }
      context.clearRect(0, 0, width, height);
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      // A canvas holds its memory as long as it has its size.
      if (width * height > KEPT_PIXELS) canvas.width = canvas.height = 1;
      return { width, height, channels: 4, pixels: data };
    } finally {
      bitmap.close();
    }
  };
}
