import { create } from 'zustand';
import type { ConfigKey, RunConfig } from '../../config/run-config.ts';
import type { ArmName } from '../../record/arm.ts';
import { FIRST_PLACE, type Place } from './place.ts';

/** Filters of one arm that are pointed at, in walls and heatmaps alike. */
export interface PointedFilters {
  readonly arm: ArmName;
  readonly filters: readonly number[];
  /** Step of the event that is pointed at, where it is one; else it is a tile or a heatmap's row. */
  readonly event?: number;
}

export type Brightness = 'per-filter' | 'shared';

/** The view of each filter on the walls: its weights, or its response to a face. */
export type WallView = 'weights' | 'responses';

/** Scale of the responses: the same for the whole run, or each filter's own largest. */
export type ResponseScale = 'fixed' | 'per-filter';

/** Order of tiles or rows: by the filter's number, or the strongest first. */
export type FilterOrder = 'index' | 'norm';

/** The user's view; nothing of it changes a run. */
export interface ViewState extends Place {
  /** The run that steps and filters below belong to. */
  readonly runId: string | undefined;
  readonly brightness: Brightness;
  readonly wallView: WallView;
  readonly responseScale: ResponseScale;
  readonly tileOrder: FilterOrder;
  readonly rowOrder: FilterOrder;
  /** Step under the pointer in a heatmap or chart. */
  readonly hoverStep: number | undefined;
  /** A step that a link asks to pin, in a run with the settings that the link's part behind the # writes. */
  readonly linkedStep: { readonly step: number; readonly settings: string } | undefined;
  /** Step that was clicked; walls then show that step. */
  readonly pinnedStep: number | undefined;
  readonly pointed: PointedFilters | undefined;
  readonly pinnedFilter: PointedFilters | undefined;
  /** Setting whose entry on Method was opened from its help, until one is back at it. */
  readonly lookedUp: ConfigKey | undefined;
  readonly helpOpen: boolean;
  readonly webgpuHelpOpen: boolean;
  /** Whether the page asks before it ends a long run. */
  readonly resetAsked: boolean;
  /** Whether the page asks before it starts a run that takes long. */
  readonly longRunAsked: boolean;
  readonly shareOpen: boolean;
  /** The plan on the Study screen as the part of a link, and its settings where they are not those of the next run. */
  readonly studyLink: { readonly search: string; readonly config: RunConfig | undefined } | undefined;
  readonly settingsOpen: boolean;
  /** Groups of settings that the user left unfolded, before a run or since its start. */
  readonly unfolded: { readonly started: boolean; readonly groups: string[] } | undefined;
  /** Stop of the tour, counted from 0, while it is taken. */
  readonly tourStop: number | undefined;
}

export const useView = create<ViewState>(() => ({
  ...FIRST_PLACE,
  runId: undefined,
  brightness: 'per-filter',
  wallView: 'weights',
  responseScale: 'fixed',
  tileOrder: 'index',
  rowOrder: 'norm',
  hoverStep: undefined,
  linkedStep: undefined,
  pinnedStep: undefined,
  pointed: undefined,
  pinnedFilter: undefined,
  lookedUp: undefined,
  helpOpen: false,
  webgpuHelpOpen: false,
  resetAsked: false,
  longRunAsked: false,
  shareOpen: false,
  studyLink: undefined,
  settingsOpen: false,
  unfolded: undefined,
  tourStop: undefined,
}));

/** Changes the user's view. */
export function look(change: Partial<ViewState>): void {
  useView.setState(change);
}

/** Opens a tab. */
export function openScreen(screen: string): void {
  look({ screen, entry: undefined });
}

/** Opens Method at the entry of a setting, from that setting. */
export function lookUp(entry: ConfigKey): void {
  look({ screen: 'method', entry, lookedUp: entry });
}

/** Back to the present: nothing pinned, nothing pointed at. */
export function lookAtNow(): void {
  look({ pinnedStep: undefined, hoverStep: undefined, pinnedFilter: undefined });
}

/** Drops pins of another run: a step 1 000 of it is not one of this. */
export function lookAtRun(runId: string | undefined): void {
  if (useView.getState().runId === runId) return;
  lookAtNow();
  look({ runId, pointed: undefined });
}

/** Points at one filter, wherever it is shown. */
export function pointAtFilter(arm: ArmName, filter: number): void {
  const { pointed } = useView.getState();
  const same = pointed?.arm === arm && pointed.event === undefined && pointed.filters[0] === filter;
  if (!same) look({ pointed: { arm, filters: [filter] } });
}

/** Points at nothing. */
export function unpoint(): void {
  if (useView.getState().pointed !== undefined) look({ pointed: undefined });
}

/** Pins a filter, or unpins it. */
export function togglePinnedFilter(arm: ArmName, filter: number): void {
  const { pinnedFilter } = useView.getState();
  const pinned = pinnedFilter?.arm === arm && pinnedFilter.filters.includes(filter);
  look({ pinnedFilter: pinned ? undefined : { arm, filters: [filter] } });
}

/** Pins a step, or the event next to it: few can point to a single pixel. */
export function pinStep(step: number, eventSteps: readonly number[], totalSteps: number): void {
  const near = eventSteps.filter((at) => Math.abs(at - step) <= totalSteps / 100);
  const nearest = near.sort((a, b) => Math.abs(a - step) - Math.abs(b - step))[0];
  look({ pinnedStep: nearest ?? step });
}

/** The step that readouts speak of: under the pointer, else pinned, else the present (undefined). */
export function useReadoutStep(): number | undefined {
  return useView(({ hoverStep, pinnedStep }) => hoverStep ?? pinnedStep);
}
