import { createStore } from 'zustand/vanilla';
import { AlignmentClient } from '../../client/alignment-client.ts';
import { type AlignmentState, AlignmentStore } from '../state/alignment-store.ts';

const newSlot = () => new AlignmentStore((receive) => new AlignmentClient(receive), true);
const SLOTS = [newSlot(), newSlot()] as const;

/** The two photos of the page; they stay while another tab is open. Each starts its detector with its first photo. */
export function photoSlots(): readonly [AlignmentStore, AlignmentStore] {
  return SLOTS;
}

/** Which slot is photo 1, and which photo 2. */
export const photoOrder = createStore<{ readonly order: readonly [0 | 1, 0 | 1] }>(() => ({ order: [0, 1] }));

/** Photo 1 becomes photo 2; nothing is computed again. */
export function swapPhotos(): void {
  photoOrder.setState(({ order: [first, second] }) => ({ order: [second, first] }));
}

/** The face of a photo that is meant: the largest, or the chosen one. */
export function faceOf({ photos, chosen }: AlignmentState) {
  const [photo] = photos;
  return photo?.faces[chosen[photo.path] ?? 0];
}
