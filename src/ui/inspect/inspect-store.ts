import { create } from 'zustand';
import { InspectionClient } from '../../client/inspection-client.ts';
import { DEFAULT_INSPECTION, type InspectionSettings, type LayerShare } from '../../craft/inspection.ts';
import type {
  DrawnLayer,
  InspectionMessage,
  InspectionState,
  InspectionView,
  LayerReport,
  ModelFailure,
  ModelSummary,
} from '../../worker/inspection/protocol.ts';
import type { ImportFile } from '../../worker/protocol.ts';

/** Everything the Inspect screen shows. */
export interface InspectState {
  /** What is being read, by its name. */
  readonly reading: string | undefined;
  readonly failure: Pick<ModelFailure, 'message' | 'hint'> | undefined;
  /** The open model and what the user dropped it as. */
  readonly model: (ModelSummary & { readonly name: string }) | undefined;
  /** The convolution chosen, by its number. */
  readonly layer: number;
  readonly settings: InspectionSettings;
  readonly view: InspectionView;
  /** Which of the two states counts as inactive in verdict and counts. */
  readonly state: InspectionState;
  readonly sort: 'index' | 'norm';
  readonly selected: number;
  readonly report: LayerReport | undefined;
  /** The pictures of `report.layer`. */
  readonly drawn: DrawnLayer | undefined;
  readonly shares: Readonly<Record<InspectionView, readonly LayerShare[]>> | undefined;
}

export const useInspect = create<InspectState>(() => ({
  reading: undefined,
  failure: undefined,
  model: undefined,
  layer: 0,
  settings: DEFAULT_INSPECTION,
  view: 'raw',
  state: 'nearZero',
  sort: 'index',
  selected: 0,
  report: undefined,
  drawn: undefined,
  shares: undefined,
}));

let lastRequest = 0;
/** The files that are read, and the question about a layer that is not answered yet. */
let opening: number | undefined;
/** What was dropped last, and what the open model came with. */
let dropped: { readonly name: string; readonly files: readonly ImportFile[] } | undefined;
let read: typeof dropped;
let asking: number | undefined;
let latestAsked: number | undefined;
const client = new InspectionClient(receive);

/** Changes how the report is looked at. */
export function lookAt(change: Partial<Pick<InspectState, 'view' | 'state' | 'sort' | 'selected'>>): void {
  useInspect.setState(change);
}

/** Reads a model; the one that is open stays until another was read. `file` names one of several. */
export function openModel(name: string, files: readonly ImportFile[], file?: string): void {
  if (files.length === 0) return;
  opening = ++lastRequest;
  dropped = { name, files };
  useInspect.setState({ reading: name, failure: undefined });
  client.post({ type: 'inspect-model', requestId: opening, files, file });
}

/** Reads another of the models that were dropped together. */
export function openOther(file: string): void {
  if (read !== undefined) openModel(read.name, read.files, file);
}

/** Says why there is no model, and leaves what was there. */
export function refuseModel(message: string, hint: string): void {
  useInspect.setState({ reading: undefined, failure: { message, hint } });
}

export function chooseLayer(layer: number): void {
  useInspect.setState({ layer, selected: 0 });
  ask();
}

export function changeSettings(change: Partial<InspectionSettings>): void {
  useInspect.setState(({ settings }) => ({ settings: { ...settings, ...change } }));
  ask();
}

/** One question at a time: a slider asks faster than a large layer answers. */
function ask(): void {
  const { model, layer, settings, report } = useInspect.getState();
  if (model === undefined || asking !== undefined) return;
  asking = ++lastRequest;
  latestAsked = asking;
  client.post({ type: 'inspect-layer', requestId: asking, layer, settings, drawn: report?.layer !== layer });
}

function receive(message: InspectionMessage): void {
  const { reading, layer, settings } = useInspect.getState();
  switch (message.type) {
    case 'model-read': {
      if (message.requestId !== opening) return;
      opening = undefined;
      read = dropped;
      const { model } = message;
      useInspect.setState({
        reading: undefined,
        failure: undefined,
        model: { ...model, name: reading ?? '' },
        layer: model.first,
        selected: 0,
        report: undefined,
        drawn: undefined,
        shares: undefined,
      });
      // An answer about the model before is of no use.
      asking = undefined;
      ask();
      return;
    }
    case 'model-failed':
      if (message.requestId === opening) opening = undefined;
      asking = undefined;
      useInspect.setState({ reading: undefined, failure: message.failure });
      return;
    case 'layer-inspected': {
      if (message.requestId !== asking) return;
      asking = undefined;
      const { report } = message;
      if (report.layer === layer) useInspect.setState(({ drawn }) => ({ report, drawn: report.drawn ?? drawn }));
      if (report.layer !== layer || report.settings.epsilon !== settings.epsilon) ask();
      else if (report.settings.rho !== settings.rho || report.settings.reference !== settings.reference) ask();
      return;
    }
    case 'shares':
      if (message.requestId === latestAsked) useInspect.setState({ shares: message.shares });
      return;
  }
}
