import { drawNuisance, type Nuisance } from './nuisance.ts';
import type { PopulationPart } from './population.ts';

/**
 * A photo without anything particular: seen from the front, in even light, sharp, nothing worn.
 * Only the clothes and the backdrop are the person's own, those of the first photo.
 */
export function plainPhoto(seed: number, part: PopulationPart, person: number): Nuisance {
  const own = drawNuisance(seed, part, person, 0, 'lfw');
  return {
    ...own,
    yaw: 0,
    pitch: 0,
    roll: 0,
    distance: 700,
    lightAzimuth: 0,
    lightElevation: 0.6,
    lightShare: 0.35,
    lightColour: [1, 1, 1],
    ambientColour: [1, 1, 1],
    castShade: 0,
    movements: { smile: 0, jawOpen: 0, browRaise: 0, frown: 0, pucker: 0, sag: 0, weight: 0 },
    eyesClosed: 0.04,
    gazeX: 0,
    gazeY: 0,
    years: 0,
    beardWorn: 1,
    makeupWorn: 0.5,
    sweat: 0.2,
    hairVolume: 0,
    hairFringe: 0,
    glasses: 'none',
    hat: 'none',
    occluder: 'none',
    occluderX: 0.4,
    occluderY: 0.6,
    landmarkErrors: own.landmarkErrors.map(() => 0),
    mean: 0.45,
    contrast: 0.22,
    saturation: 1,
    tint: [1, 1, 1],
    blur: 0,
    motion: 1,
    resolution: 112,
    noise: 0,
    quality: 100,
  };
}
