import { stream } from '../../config/random.ts';
import { FACE_CHANNELS, type FaceSet } from '../../faces/face-set.ts';

/** "Faces" that tests can learn in a few steps: a colour pattern for each person, and noise. */
export function tinyFaces(identities = 12, imagesPerIdentity = 6, size = 16): FaceSet {
  const count = identities * imagesPerIdentity;
  const bytes = size * size * FACE_CHANNELS;
  const images = new Uint8Array(count * bytes);
  for (let index = 0; index < count; index++) {
    const person = Math.floor(index / imagesPerIdentity);
    const pattern = stream(1, 'pattern', person);
    const noise = stream(1, 'noise', index);
    const cells = Array.from({ length: 48 }, () => pattern() * 160);
    for (let at = 0; at < bytes; at++) {
      const pixel = Math.floor(at / FACE_CHANNELS);
      const row = Math.floor((4 * Math.floor(pixel / size)) / size);
      const column = Math.floor((4 * (pixel % size)) / size);
      images[index * bytes + at] = (cells[(row * 4 + column) * 3 + (at % FACE_CHANNELS)] ?? 0) + noise() * 95;
    }
  }
  return {
    images,
    labels: Int32Array.from({ length: count }, (_, index) => Math.floor(index / imagesPerIdentity)),
    identities: Array.from({ length: identities }, (_, person) => `person ${person}`),
    size,
    region: 'tight',
    source: { kind: 'own', name: 'tiny' },
  };
}
