import type { RegionName } from './face-set.ts';
import type { UnreadableImages } from './import/imported-faces.ts';
import type { Variation } from './synthetic/variation.ts';

/** The seven benchmarks of a verification table. */
export type BenchmarkId = Variation;

/** Where the images came from: a table says so in every row, and never mixes the two up. */
export type BenchmarkOrigin =
  | { readonly kind: 'synthetic' }
  /** `file` is the name of the given file or folder, text from outside. */
  | { readonly kind: 'file'; readonly file: string };

/** Images of a chunk, where a source has as many: a multiple of a network's batch, 10 MB at 112 pixels. */
export const CHUNK_IMAGES = 256;

/** Some images of a benchmark, decoded. */
export interface ImageChunk {
  /** Number of the first image. */
  readonly first: number;
  readonly count: number;
  /** RGB [count, size, size, 3]; the receiver does not change it. */
  readonly images: Uint8Array;
}

interface SourceOfImages {
  /** Which benchmark this is, or is an analogue of; undefined where nothing says so. */
  readonly id: BenchmarkId | undefined;
  /** As a table names it: "Drawn LFW", "lfw.bin". */
  readonly name: string;
  readonly origin: BenchmarkOrigin;
  readonly imageCount: number;
  /** Images of a people's folder that could not be read, of which no pair was drawn. */
  readonly unreadable?: UnreadableImages;
  /** Which of a people's photos were there twice, in sentences. */
  readonly copies?: readonly string[];
  /** How many different pairs there are, where a people's folder is too small for ten folds and some are repeated. */
  readonly distinct?: number;
  /** Width and height, and the region of the template: those of the network that is verified. */
  readonly size: number;
  readonly region: RegionName;
  /**
   * All images in order, in chunks of bounded size; files are read and decoded here, chunk by chunk.
   * @throws ImportError where an image cannot be read or decoded, or the signal's reason
   */
  chunks(signal?: AbortSignal): AsyncIterable<ImageChunk>;
  /** One image again, RGB [size, size, 3]. @throws as `chunks` does */
  image(index: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Whom the two sides of each pair show, [pairs], where that is known. */
export interface PairIdentities {
  readonly left: Int32Array<ArrayBuffer>;
  readonly right: Int32Array<ArrayBuffer>;
}

/** Pairs of single images: LFW, CFP-FP, AgeDB-30, CALFW, CPLFW and their like. */
export interface PairSource extends SourceOfImages {
  readonly kind: 'pairs';
  readonly pairs: {
    /** Numbers of images, [pairs]. */
    readonly left: Int32Array<ArrayBuffer>;
    readonly right: Int32Array<ArrayBuffer>;
    /** [pairs], 1 where both show one person. */
    readonly same: Uint8Array<ArrayBuffer>;
    readonly identities?: PairIdentities;
  };
}

/** Sets of stills and video frames compared with each other: IJB-B, IJB-C. */
export interface TemplateSource extends SourceOfImages {
  readonly kind: 'templates';
  /** Template and medium of each image and how sure the face detector was; all [images]. */
  readonly templates: Int32Array<ArrayBuffer>;
  readonly media: Int32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
  readonly pairs: {
    /** Template ids, [pairs]. */
    readonly left: Int32Array<ArrayBuffer>;
    readonly right: Int32Array<ArrayBuffer>;
    /** [pairs], 1 where both templates show one person. */
    readonly same: Uint8Array<ArrayBuffer>;
    readonly identities?: PairIdentities;
  };
}

/** Something a network can be verified on, whether it was drawn, dropped or lies on a disk. */
export type BenchmarkSource = PairSource | TemplateSource;
