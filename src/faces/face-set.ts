/** A square of the ArcFace 112 × 112 template, in its pixels. */
export interface FaceRegion {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/** The regions a run may use: the whole template, or the inner face without the background. */
export const FACE_REGIONS = {
  full: { left: 0, top: 0, size: 112 },
  tight: { left: 16, top: 32, size: 80 },
} as const satisfies Record<string, FaceRegion>;

export type RegionName = keyof typeof FACE_REGIONS;

/** Where the faces came from. */
export type FaceSource =
  | { readonly kind: 'synthetic'; readonly seed: number; readonly variation: string }
  | { readonly kind: 'own'; readonly name: string };

/** Face images with the person each shows. Images are RGB, NHWC, one byte a channel. */
export interface FaceSet {
  /** [count, size, size, 3] */
  readonly images: Uint8Array;
  /** [count], each an index into `identities`. */
  readonly labels: Int32Array<ArrayBuffer>;
  /** One name a person; text from outside, shown as text only. */
  readonly identities: readonly string[];
  /** Width and height of every image. */
  readonly size: number;
  readonly region: RegionName;
  readonly source: FaceSource;
}

export const FACE_CHANNELS = 3;

/** How many images the set holds. */
export function faceCount(faces: FaceSet): number {
  return faces.labels.length;
}

/** Image `index` of the set, a view of [size, size, 3]. */
export function faceAt(faces: Pick<FaceSet, 'images' | 'size'>, index: number): Uint8Array {
  const bytes = faces.size * faces.size * FACE_CHANNELS;
  return faces.images.subarray(index * bytes, (index + 1) * bytes);
}

/** The faces with their pixels where other threads read them without a copy; as they are where threads share no memory. */
export function sharedFaces(faces: FaceSet): FaceSet {
  if (typeof SharedArrayBuffer === 'undefined' || globalThis.crossOriginIsolated === false) return faces;
  const images = new Uint8Array(new SharedArrayBuffer(faces.images.length));
  images.set(faces.images);
  return { ...faces, images };
}
