import { FACE_CHANNELS, FACE_REGIONS, type FaceSet, type RegionName } from '../face-set.ts';
import { resampleSquare } from './resample.ts';

/** Width and height at which imported images are kept: the ArcFace template's. */
export const KEPT_SIZE = FACE_REGIONS.full.size;

/** One imported image: a square, decoded, at most `KEPT_SIZE` wide. */
export interface ImportedImage {
  /** Index into `identities`. */
  readonly identity: number;
  /** The region of the ArcFace template that the whole square shows. */
  readonly shows: RegionName;
  readonly size: number;
  /** RGB [size, size, 3] */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** Why an image was left out. */
export interface UnreadableImage {
  readonly path: string;
  /** Its fault, to follow the path: "is damaged in the archive". */
  readonly reason: string;
}

/** The images that were left out. */
export interface UnreadableImages {
  readonly count: number;
  /** The first ten of them. */
  readonly first: readonly UnreadableImage[];
}

/** The findings of an import; kept once, and made into a `FaceSet` for every run without decoding again. */
export interface ImportedFaces {
  readonly name: string;
  /** Folder names: text from outside. Each has an image. */
  readonly identities: readonly string[];
  /** Sorted by identity, then by path. */
  readonly images: readonly ImportedImage[];
  readonly unreadable: UnreadableImages;
  /** Which photos were there twice, in sentences; `notes` has them too. */
  readonly copies: readonly string[];
  /** Files that are no images. */
  readonly ignored: number;
  /** How the folders were understood: "8 people, 2 kinds: train, val". */
  readonly tree: string;
  /** Whether the images may be aligned faces; false of whole photographs. */
  readonly aligned: boolean;
  /** The assumptions and the omissions, in sentences for a person. */
  readonly notes: readonly string[];
  /** Those of the notes that a person should check before training. */
  readonly doubts: readonly string[];
}

/** The contents of dropped files. */
export interface ImportSummary {
  readonly name: string;
  readonly identities: number;
  readonly images: number;
  readonly unreadable: UnreadableImages;
  /** How the folders were understood: "8 people, 2 kinds: train, val". */
  readonly tree: string;
  /** Whether the images may be aligned faces; false of whole photographs. */
  readonly aligned: boolean;
  /** The assumptions and the omissions, in sentences. */
  readonly notes: readonly string[];
  /** Those of the notes that a person should check before training. */
  readonly doubts: readonly string[];
  /** A few small faces to show: RGB, [count, size, size, 3]. */
  readonly samples: { readonly size: number; readonly images: Uint8Array<ArrayBuffer> };
}

/** The region all images can show: `full` only where every one of them is the whole template. */
function regionOf(imported: ImportedFaces, wanted: RegionName): RegionName {
  return wanted === 'full' && imported.images.every(({ shows }) => shows === 'full') ? 'full' : 'tight';
}

/**
 * The faces of a run: every image cut to the region and brought to `size` pixels. Where `full` is asked and some image
 * shows the inner face only, all are cut to `tight`, and the set says so: a model must see one geometry.
 */
export function faceSetOf(
  imported: ImportedFaces,
  wanted: { readonly size: number; readonly region: RegionName },
): FaceSet {
  const { size } = wanted;
  const region = regionOf(imported, wanted.region);
  const bytes = size * size * FACE_CHANNELS;
  const images = new Uint8Array(imported.images.length * bytes);
  imported.images.forEach((image, index) => {
    images.set(cutFace(image, region, size), index * bytes);
  });
  return {
    images,
    labels: Int32Array.from(imported.images, ({ identity }) => identity),
    identities: imported.identities,
    size,
    region,
    source: { kind: 'own', name: imported.name },
  };
}

const SAMPLE_SIZE = 48;
const SAMPLE_COUNT = 12;

/** Counts, and up to twelve small faces of different people. */
export function summaryOf(imported: ImportedFaces): ImportSummary {
  const firsts = imported.images.filter((image, at) => imported.images[at - 1]?.identity !== image.identity);
  const shown = firsts
    .filter((_, at) => at % Math.max(1, Math.floor(firsts.length / SAMPLE_COUNT)) === 0)
    .slice(0, SAMPLE_COUNT);
  const bytes = SAMPLE_SIZE * SAMPLE_SIZE * FACE_CHANNELS;
  const samples = new Uint8Array(shown.length * bytes);
  shown.forEach((image, at) => {
    samples.set(cutFace(image, 'tight', SAMPLE_SIZE), at * bytes);
  });
  return {
    name: imported.name,
    identities: imported.identities.length,
    images: imported.images.length,
    unreadable: imported.unreadable,
    samples: { size: SAMPLE_SIZE, images: samples },
    tree: imported.tree,
    aligned: imported.aligned,
    notes: imported.notes,
    doubts: imported.doubts,
  };
}

/** An image cut to a region and brought to `size` pixels, RGB [size, size, 3]. */
export function cutFace(
  image: Omit<ImportedImage, 'identity'>,
  region: RegionName,
  size: number,
): Uint8Array<ArrayBuffer> {
  const picture = { width: image.size, height: image.size, channels: FACE_CHANNELS, pixels: image.pixels } as const;
  if (image.shows === region) return resampleSquare(picture, { left: 0, top: 0, size: image.size }, size);
  const scale = image.size / FACE_REGIONS.full.size;
  const { left, top, size: side } = FACE_REGIONS[region];
  return resampleSquare(picture, { left: left * scale, top: top * scale, size: side * scale }, size);
}
