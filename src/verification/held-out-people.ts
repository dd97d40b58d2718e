import { permutation, stream } from '../config/random.ts';

/**
 * The people that measure accuracy and are never trained on, of people with so many images each: `share` of them, rounded,
 * those with two images or more first, because the others make no same-person pair. At least two stay on each side; of
 * fewer than four nobody is held out.
 */
export function heldOutPeople(counts: ArrayLike<number>, share: number, seed: number): readonly number[] {
  const shuffled = [...permutation(counts.length, stream(seed, 'held-out'))].filter((id) => (counts[id] ?? 0) > 0);
  const people = shuffled.length;
  const wanted = people - trainedPeople(people, share);
  const paired = shuffled.filter((id) => (counts[id] ?? 0) >= 2);
  const single = shuffled.filter((id) => (counts[id] ?? 0) < 2);
  return [...paired, ...single].slice(0, wanted);
}

/** How many of so many people are left to train on. */
export function trainedPeople(people: number, share: number): number {
  return people < 4 ? people : people - Math.min(people - 2, Math.max(2, Math.round(people * share)));
}
