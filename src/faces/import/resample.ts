/** A decoded picture, 8 bit, rows from the top. With four channels the last is the opacity, not premultiplied. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** [height, width, channels] */
  readonly pixels: Uint8Array | Uint8ClampedArray;
}

/** A square of a picture, in its pixels; may begin and end within a pixel. */
export interface PictureSquare {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/** The largest square in the middle of a picture. */
export function centreSquare(picture: { readonly width: number; readonly height: number }): PictureSquare {
  const size = Math.min(picture.width, picture.height);
  return { left: Math.floor((picture.width - size) / 2), top: Math.floor((picture.height - size) / 2), size };
}

/**
 * A square of a picture at another size, RGB [size, size, 3]: the mean over the area of every new pixel where it
 * shrinks, bilinear between pixel centres where it grows. Own code because Node and browsers each scale in a way of
 * their own, and a run must see the same faces on both. Transparent pixels become black, as the border of aligned
 * faces is.
 */
export function resampleSquare(picture: Picture, square: PictureSquare, size: number): Uint8Array<ArrayBuffer> {
  const { width, height, channels, pixels } = picture;
  const across = axisTaps(square.left, square.size, size, width);
  const down = axisTaps(square.top, square.size, size, height);
  const firstColumn = Math.min(...across.first);
  const columns = Math.min(width, Math.max(...across.first) + across.taps) - firstColumn;

  // Down the columns into one unrounded row, then along it, rounded once.
  const row = new Float32Array(columns * 3);
  const result = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    row.fill(0);
    for (let tap = 0; tap < down.taps; tap++) {
      const weight = down.weights[y * down.taps + tap] ?? 0;
      if (weight === 0) continue;
      let from = (((down.first[y] ?? 0) + tap) * width + firstColumn) * channels;
      for (let to = 0; to < row.length; to += 3) {
        const shown = channels === 4 ? (weight * (pixels[from + 3] ?? 0)) / 255 : weight;
        row[to] = (row[to] ?? 0) + shown * (pixels[from] ?? 0);
        row[to + 1] = (row[to + 1] ?? 0) + shown * (pixels[from + 1] ?? 0);
        row[to + 2] = (row[to + 2] ?? 0) + shown * (pixels[from + 2] ?? 0);
        from += channels;
      }
    }
    for (let x = 0; x < size; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let from = ((across.first[x] ?? 0) - firstColumn) * 3;
      for (let tap = 0; tap < across.taps; tap++) {
        const weight = across.weights[x * across.taps + tap] ?? 0;
        if (weight !== 0) {
          red += weight * (row[from] ?? 0);
          green += weight * (row[from + 1] ?? 0);
          blue += weight * (row[from + 2] ?? 0);
        }
        from += 3;
      }
      // Half is rounded up; weights that do not quite sum to 1 may pass 255 by a hair.
      const to = (y * size + x) * 3;
      result[to] = Math.min(255, red + 0.5);
      result[to + 1] = Math.min(255, green + 0.5);
      result[to + 2] = Math.min(255, blue + 0.5);
    }
  }
  return result;
}

/** For every new pixel the first old pixel it reads and the weights of it and the ones after; weights sum to 1. */
interface AxisTaps {
  readonly taps: number;
  /** [size] */
  readonly first: Int32Array;
  /** [size, taps]; 0 where a tap would be outside. */
  readonly weights: Float64Array;
}

function axisTaps(start: number, length: number, size: number, limit: number): AxisTaps {
  const scale = length / size;
  const end = Math.min(limit, Math.ceil(start + length));
  const taps = scale > 1 ? Math.ceil(scale) + 1 : 2;
  const first = new Int32Array(size);
  const weights = new Float64Array(size * taps);
  for (let to = 0; to < size; to++) {
    const begin = start + to * scale;
    if (scale > 1) {
      first[to] = Math.floor(begin);
      const covered = (pixel: number) =>
        pixel < limit ? Math.max(0, Math.min(pixel + 1, begin + scale) - Math.max(pixel, begin)) : 0;
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += covered(Math.floor(begin) + tap);
      for (let tap = 0; tap < taps; tap++) weights[to * taps + tap] = covered(Math.floor(begin) + tap) / sum;
    } else {
      // Pixels outside the square stay out of it, so that a cut shows the same as an image that ends there.
      const centre = Math.min(end - 1, Math.max(Math.floor(start), begin + scale / 2 - 0.5));
      const left = Math.min(Math.floor(centre), Math.max(0, limit - 2));
      first[to] = left;
      weights[to * taps] = 1 - (centre - left);
      weights[to * taps + 1] = centre - left;
    }
  }
  return { taps, first, weights };
}
