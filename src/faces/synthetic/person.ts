import { stream } from '../../config/random.ts';
import { drawIdentity, type Identity } from './identity.ts';
import type { Variation } from './variation.ts';

/** More people than any population has: the one whose number is larger by this is a stranger to all of them. */
const OTHERS = 1_000_000;

/** Person `index` of a part of the population, as photos of a variation show people: for Hadrian all are men with beards. */
export function drawPerson(seed: number, part: string, index: number, variation: Variation): Identity {
  let identity = drawIdentity(seed, part, index);
  if (variation !== 'hadrian') return identity;
  for (let other = index + OTHERS; identity.sex < 0.5; other += OTHERS) identity = drawIdentity(seed, part, other);
  const uniform = stream(seed, 'beard', part, index);
  const full = () => 0.58 + 0.2 * uniform();
  return { ...identity, beard: full(), moustache: full(), goatee: full(), sideBeard: full() };
}
