import type { DecodeImage } from './read-image.ts';

/**
 * Decodes with the browser's own JPEG, PNG and WebP decoders, in a worker or on the page. Pixels may differ from
 * Node's by a step or two of 255: JPEG leaves the rounding to the decoder.
 * @throws InvalidStateError when the bytes are no image
 */
export function browserDecoder(): DecodeImage {
  const canvas = new OffscreenCanvas(1, 1);
  // Pixels are read back at once, so the canvas is better kept out of the graphics card.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser gives a worker no 2D canvas.');
  return async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([bytes]), { imageOrientation: 'from-image' });
    try {
      const { width, height } = bitmap;
      // Setting the size also clears the canvas. From here to the read nothing waits, so images cannot mix.
      canvas.width = width;
      canvas.height = height;
      context.drawImage(bitmap, 0, 0);
      return { width, height, channels: 4, pixels: context.getImageData(0, 0, width, height).data };
    } finally {
      bitmap.close();
      // A canvas keeps its pixels as long as it has them.
      canvas.width = 1;
      canvas.height = 1;
    }
  };
}
