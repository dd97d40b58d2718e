import { type Raster, readBmp } from '../../formats/bmp.ts';
import { NetpbmError, netpbmToRgb, readNetpbm } from '../../formats/netpbm.ts';
import { FormatProblem } from '../../formats/problem.ts';
import { readTiff } from '../../formats/tiff.ts';
import type { RegionName } from '../face-set.ts';
import type { ImageFile } from './image-files.ts';
import { type ImageHeader, readImageHeader } from './image-header.ts';
import { type ImportedImage, KEPT_SIZE } from './imported-faces.ts';
import { type ImportLimits, sizeText } from './limits.ts';
import { centreSquare, type Picture, resampleSquare } from './resample.ts';
import { UnreadableImageError } from './unreadable-image.ts';

/**
 * Decodes a JPEG, PNG, WebP, the first picture of a GIF and, where browser or program can, AVIF or HEIC; turned upright
 * by its EXIF, in sRGB. Rejects when the bytes are no image.
 */
export type DecodeImage = (bytes: Uint8Array<ArrayBuffer>) => Promise<Picture>;

/**
 * The region of the ArcFace 112 × 112 template that images show. `auto`: a square image of 100 pixels or more is the
 * whole template, any other is the inner face as it is. Images that are not square are cut to the square in their
 * middle.
 */
export type ImagesShow = 'auto' | RegionName;

/** Images of this many pixels and more are decoded one at a time, to bound the memory. */
const LARGE_PIXELS = 4_000_000;
const LEAST_SIDE = 8;
const TEMPLATE_SIDE = 100;

/** Brings image files to the squares that an import keeps. */
export class ImageReader {
  readonly #decode: DecodeImage;
  readonly #imagesShow: ImagesShow;
  readonly #limits: ImportLimits;
  #lastLarge: Promise<unknown> = Promise.resolve();

  constructor(decode: DecodeImage, imagesShow: ImagesShow, limits: ImportLimits) {
    this.#decode = decode;
    this.#imagesShow = imagesShow;
    this.#limits = limits;
  }

  /** @throws UnreadableImageError */
  async read(file: ImageFile): Promise<Omit<ImportedImage, 'identity'>> {
    const picture = await this.picture(file);
    const square = centreSquare(picture);
    if (square.size < LEAST_SIDE) throw new UnreadableImageError(`is only ${picture.width} × ${picture.height} pixels`);
    const size = Math.min(KEPT_SIZE, square.size);
    return { shows: this.#shownBy(picture), size, pixels: resampleSquare(picture, square, size) };
  }

  /** The image as it is, within the limits. @throws UnreadableImageError */
  async picture(file: ImageFile): Promise<Picture> {
    const { maxImageBytes } = this.#limits;
    if (file.size > maxImageBytes) {
      throw new UnreadableImageError(`is ${sizeText(file.size)}, up to ${sizeText(maxImageBytes)} are read`);
    }
    const picture = await this.#picture(await file.read());
    // A decoder may disagree with the header.
    this.#checkPixels(picture);
    return picture;
  }

  async #picture(bytes: Uint8Array<ArrayBuffer>): Promise<Picture> {
    const header = readHeader(bytes);
    this.#checkPixels(header);
    if (header.kind === 'netpbm') return netpbmPicture(bytes, this.#limits);
    if (header.kind === 'bmp') return rasterPicture(() => readBmp(bytes));
    if (header.kind === 'tiff') return rasterPicture(() => readTiff(bytes));
    if (header.width * header.height < LARGE_PIXELS) return this.#decoded(bytes, header);
    const mine = this.#lastLarge.then(() => this.#decoded(bytes, header));
    this.#lastLarge = mine.catch(() => undefined);
    return mine;
  }

  async #decoded(bytes: Uint8Array<ArrayBuffer>, { kind }: ImageHeader): Promise<Picture> {
    try {
      return await this.#decode(bytes);
    } catch (cause) {
      if (kind === 'avif' || kind === 'heic') {
        const name = kind.toUpperCase();
        throw new UnreadableImageError(`cannot be decoded: ${name} is not read everywhere, convert it to JPEG`, {
          cause,
        });
      }
      // Decoders' own messages differ from browser to browser and name no remedy.
      throw new UnreadableImageError('cannot be decoded', { cause });
    }
  }

  #checkPixels({ width, height }: { readonly width: number; readonly height: number }): void {
    const { maxPixels } = this.#limits;
    if (width * height <= maxPixels) return;
    const million = maxPixels >= 1e6 ? `${Math.round(maxPixels / 1e6)} million` : maxPixels;
    throw new UnreadableImageError(`is ${width} × ${height} pixels, up to ${million} are read`);
  }

  #shownBy(picture: Picture): RegionName {
    if (this.#imagesShow !== 'auto') return this.#imagesShow;
    return picture.width === picture.height && picture.width >= TEMPLATE_SIDE ? 'full' : 'tight';
  }
}

function readHeader(bytes: Uint8Array<ArrayBuffer>): ImageHeader {
  const header = fromNetpbm(() => readImageHeader(bytes));
  if (!header) throw new UnreadableImageError('is not a readable image');
  return header;
}

function netpbmPicture(bytes: Uint8Array<ArrayBuffer>, limits: ImportLimits): Picture {
  const image = fromNetpbm(() => readNetpbm(bytes, limits));
  return { width: image.width, height: image.height, channels: 3, pixels: netpbmToRgb(image) };
}

/** Browsers read no TIFF, and Node's decoder no bitmap. */
function rasterPicture(read: () => Raster): Picture {
  try {
    return { channels: 3, ...read() };
  } catch (cause) {
    if (cause instanceof FormatProblem) throw new UnreadableImageError(`cannot be read: ${cause.sentence}`, { cause });
    throw cause;
  }
}

function fromNetpbm<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof NetpbmError) throw new UnreadableImageError(`cannot be read: ${cause.message}`, { cause });
    throw cause;
  }
}
