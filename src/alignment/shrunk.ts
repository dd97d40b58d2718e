import type { Picture } from '../faces/import/resample.ts';
import type { Similarity } from '../faces/import/similarity.ts';

/**
 * A picture at a whole fraction of its size, so that reading it by `frame` (from a small square to the picture) skips
 * no pixels; and the frame for it. Unchanged where the square has as many pixels as its picture.
 */
export function shrunk(picture: Picture, frame: Similarity): { readonly picture: Picture; readonly frame: Similarity } {
  const factor = Math.floor(Math.hypot(frame.a, frame.b));
  if (factor < 2) return { picture, frame };
  const { channels, pixels } = picture;
  const width = Math.floor(picture.width / factor);
  const height = Math.floor(picture.height / factor);
  if (width < 1 || height < 1) return { picture, frame };
  const smaller = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let down = 0; down < factor; down++) {
          const row = ((y * factor + down) * picture.width + x * factor) * channels + channel;
          for (let across = 0; across < factor; across++) sum += pixels[row + across * channels] ?? 0;
        }
        smaller[(y * width + x) * channels + channel] = sum / (factor * factor) + 0.5;
      }
    }
  }
  // Middles of pixels: the first of the smaller picture is that of the first `factor` pixels.
  const shift = (factor - 1) / 2;
  const { a, b, tx, ty } = frame;
  return {
    picture: { width, height, channels, pixels: smaller },
    frame: { a: a / factor, b: b / factor, tx: (tx - shift) / factor, ty: (ty - shift) / factor },
  };
}
