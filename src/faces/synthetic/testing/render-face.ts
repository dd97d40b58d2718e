import { FACE_CHANNELS, type RegionName } from '../../face-set.ts';
import { FacePainter } from '../face-painter.ts';
import type { Identity } from '../identity.ts';
import type { Nuisance } from '../nuisance.ts';

/** Draws one photo of one person: RGB, [size, size, 3]. */
export function renderFace(identity: Identity, nuisance: Nuisance, size: number, region: RegionName): Uint8Array {
  const bytes = new Uint8Array(size * size * FACE_CHANNELS);
  new FacePainter(size, region).paint(identity, nuisance, bytes);
  return bytes;
}
