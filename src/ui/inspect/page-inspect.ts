import { useStore } from 'zustand';
import { InspectionClient } from '../../client/inspection-client.ts';
import { type InspectState, InspectStore } from './inspect-store.ts';

/** The inspection of the page: an open model stays while another tab is open. */
export const inspection = new InspectStore((receive) => new InspectionClient(receive));

/** A part of the screen's state; the component renders again when that part changes. */
export function useInspect<Part>(select: (state: InspectState) => Part): Part {
  return useStore(inspection.state, select);
}
