import type { DrawingSettings } from '../../config/drawing-settings.ts';
import type { RegionName } from '../../faces/face-set.ts';
import type { VariationExamples } from '../../faces/synthetic/examples.ts';
import type { SliderDescription } from '../../faces/synthetic/parameters.ts';

/** The queues of the painter; earlier lanes go first, and in each lane only the newest orders count. */
export const GALLERY_LANES = ['face', 'photos', 'examples', 'people'] as const;
export type GalleryLane = (typeof GALLERY_LANES)[number];

/** One face to draw: a person of the population of `seed`, with some sliders moved, in one or more pictures. */
export interface FaceOrder {
  /** Comes back with the pictures. */
  readonly id: string;
  readonly seed: number;
  readonly person: number;
  /** Photo of the population that a run trains on, counted from 0; without, a plain photo. */
  readonly photo?: number;
  /** How the run draws its faces, where that is not as usual. */
  readonly drawing?: DrawingSettings;
  /** Slider values by key; the others stay those of the person and the photo. */
  readonly values: Readonly<Record<string, number>>;
  readonly views: readonly { readonly size: number; readonly region: RegionName }[];
}

/** Page to the gallery's worker. */
export type GalleryCommand =
  /** Asks for the sliders and examples there are. */
  | { readonly type: 'describe' }
  /** Asks for the positions of a person's sliders. */
  | { readonly type: 'introduce'; readonly seed: number; readonly person: number }
  /** Draws these, in place of the lane's waiting orders. */
  | { readonly type: 'draw'; readonly lane: GalleryLane; readonly orders: readonly FaceOrder[] };

/** A finished picture, RGBA. */
export interface DrawnPicture {
  readonly size: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** The gallery's worker to the page. */
export type GalleryMessage =
  | {
      readonly type: 'described';
      readonly sliders: readonly SliderDescription[];
      readonly examples: readonly VariationExamples[];
    }
  | {
      readonly type: 'introduced';
      readonly seed: number;
      readonly person: number;
      readonly values: Readonly<Record<string, number>>;
    }
  /** The pictures of an order, in the order of its views. */
  | {
      readonly type: 'drawn';
      readonly lane: GalleryLane;
      readonly id: string;
      readonly pictures: readonly DrawnPicture[];
    }
  | { readonly type: 'failed'; readonly message: string };
