import type { RunConfig } from '../config/run-config.ts';
import { type SeenFace, seenFace } from '../craft/response.ts';
import { plainPhoto } from '../faces/synthetic/plain-photo.ts';
import { drawFaces, populationOf } from '../faces/synthetic/population.ts';

/** The first drawn person of a run in a plain photo, to whom the page shows responses at first. */
export async function drawnFace(config: RunConfig): Promise<SeenFace> {
  const { images } = await drawFaces({ ...populationOf(config), identities: 1, imagesPerIdentity: 1 }, (person) =>
    plainPhoto(config.facesSeed, 'training', person),
  );
  return seenFace(images, config.imageSize);
}
