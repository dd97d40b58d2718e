import type { FaceView } from '../../alignment/face-view.ts';
import type { Problem } from '../../config/problem.ts';
import type { FivePoints } from '../../faces/import/similarity.ts';
import type { ImportFile } from '../protocol.ts';

/** Page to the worker that aligns. */
export type AlignmentCommand =
  /** Finds and aligns the faces of all photos among the files, or in the archive. */
  | {
      readonly type: 'align';
      readonly requestId: number;
      readonly name: string;
      readonly files: readonly ImportFile[];
      /** Whether each face comes with the part of the photo around it. */
      readonly around: boolean;
    }
  | { readonly type: 'cancel'; readonly requestId: number };

/** A face of a photo, brought to the ArcFace template. */
export interface PhotoFace {
  /** In the pixels of the photo. */
  readonly points: FivePoints;
  /** RGB [112, 112, 3] */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** By how many degrees it was turned, and how many times scaled. */
  readonly turned: number;
  readonly scaled: number;
  /** The face in its photo, where that was asked for. */
  readonly around?: FaceView;
}

/** A photo that was read. */
export interface ReadPhoto {
  readonly path: string;
  /** The largest first; none where there is none, or where it cannot be read. */
  readonly faces: readonly PhotoFace[];
  /** Why it cannot be read, to follow its name. */
  readonly problem: string | undefined;
  /** The square in its middle, RGB [size, size, 3]; grey where it cannot be read. */
  readonly view: { readonly size: number; readonly images: Uint8Array<ArrayBuffer> };
}

/** A list beside the photos, as pairs.txt. */
export interface BesideText {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Worker to page; every message but `stopped` carries the command's `requestId`. */
export type AlignmentMessage =
  | {
      readonly type: 'photo';
      readonly requestId: number;
      readonly photo: ReadPhoto;
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'done'; readonly requestId: number; readonly texts: readonly BesideText[] }
  | { readonly type: 'failed'; readonly requestId: number; readonly problem: AlignmentFailure }
  /** The worker itself is gone. */
  | { readonly type: 'stopped'; readonly problem: AlignmentFailure };

/** Why nothing was aligned: the cause and the remedy. */
export type AlignmentFailure = Problem<string>;
