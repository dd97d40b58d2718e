import { useStore } from 'zustand';
import { AlignmentClient } from '../../client/alignment-client.ts';
import { type AlignmentState, AlignmentStore } from './alignment-store.ts';

/** The alignment of photos that are to be trained on. */
export const alignment = new AlignmentStore((receive) => new AlignmentClient(receive));

/** A part of its state; the component renders again when that part changes. */
export function useAlignment<Part>(select: (state: AlignmentState) => Part): Part {
  return useStore(alignment.state, select);
}
