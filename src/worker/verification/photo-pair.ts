import { FACE_REGIONS } from '../../faces/face-set.ts';
import { faceSetSource } from '../../faces/face-set-source.ts';
import { cutFace } from '../../faces/import/imported-faces.ts';
import type { Geometry } from './benchmark-shelf.ts';

/** Aligned faces, RGB [112, 112, 3] each, as a network of this geometry wants them, RGB [size, size, 3]. */
export function facesOf(photos: readonly Uint8Array<ArrayBuffer>[], { size, region }: Geometry) {
  return photos.map((pixels) => cutFace({ shows: 'full', size: FACE_REGIONS.full.size, pixels }, region, size));
}

/** Two faces in the geometry of a network, as one pair. */
export function photoPair(faces: readonly Uint8Array<ArrayBuffer>[], { size, region }: Geometry) {
  const images = new Uint8Array(faces.reduce((sum, { length }) => sum + length, 0));
  faces.forEach((face, at) => {
    images.set(face, at * face.length);
  });
  const name = 'two photos';
  const set = {
    images,
    labels: Int32Array.of(0, 1),
    identities: ['photo 1', 'photo 2'],
    size,
    region,
    source: { kind: 'own', name },
  } as const;
  const pairs = { left: Int32Array.of(0), right: Int32Array.of(1), same: Uint8Array.of(0), distinct: 1 };
  return faceSetSource(set, pairs, { id: undefined, name, origin: { kind: 'file', file: name } });
}
