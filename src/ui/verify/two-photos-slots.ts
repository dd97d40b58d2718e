import { AlignmentClient } from '../../client/alignment-client.ts';
import { AlignmentStore } from '../state/alignment-store.ts';

const newSlot = () => new AlignmentStore((receive) => new AlignmentClient(receive));
const SLOTS = [newSlot(), newSlot()] as const;

/** Photo 1 and photo 2 of the page; they stay while another tab is open. Each starts its detector with its first photo. */
export function photoSlots(): readonly [AlignmentStore, AlignmentStore] {
  return SLOTS;
}
