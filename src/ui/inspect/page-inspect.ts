import { useStore } from 'zustand';
import { InspectionClient } from '../../client/inspection-client.ts';
import { type InspectState, InspectStore } from './inspect-store.ts';
import type { TasksState } from './model-tasks-store.ts';

/** The inspection of the page: an open model stays while another tab is open. */
export const inspection = new InspectStore((receive) => new InspectionClient(receive));

/** A part of the screen's state; the component renders again when that part changes. */
export function useInspect<Part>(select: (state: InspectState) => Part): Part {
  return useStore(inspection.state, select);
}

/** One of the tasks on the open model. */
export function useTasks<Part>(select: (state: TasksState) => Part): Part {
  return useStore(inspection.tasks.state, select);
}
