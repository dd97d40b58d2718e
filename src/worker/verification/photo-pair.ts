import { FACE_REGIONS } from '../../faces/face-set.ts';
import { faceSetSource } from '../../faces/face-set-source.ts';
import { cutFace } from '../../faces/import/imported-faces.ts';
import type { Geometry } from './benchmark-shelf.ts';

/** Two aligned faces, RGB [112, 112, 3] each, as one pair in the geometry of a network. */
export function photoPair(
  photos: readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>],
  { size, region }: Geometry,
) {
  const faces = photos.map((pixels) => cutFace({ shows: 'full', size: FACE_REGIONS.full.size, pixels }, region, size));
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
