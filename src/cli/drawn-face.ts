import type { RunConfig } from '../config/run-config.ts';
import { type SeenFace, seenFace } from '../craft/response.ts';
import { plainPhoto } from '../faces/synthetic/plain-photo.ts';
import { drawFaces } from '../faces/synthetic/population.ts';

/** The first drawn person of a run in a plain photo, to whom the page shows responses at first. */
export async function drawnFace({ facesSeed: seed, imageSize: size, region }: RunConfig): Promise<SeenFace> {
  const { images } = await drawFaces(
    { seed, identities: 1, imagesPerIdentity: 1, size, region, variation: 'lfw' },
    (person) => plainPhoto(seed, 'training', person),
  );
  return seenFace(images, size);
}
