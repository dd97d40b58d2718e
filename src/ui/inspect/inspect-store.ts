import { createStore } from 'zustand/vanilla';
import { DEFAULT_INSPECTION, type InspectionSettings, type LayerShare } from '../../craft/inspection.ts';
import type { SeenFace } from '../../craft/response.ts';
import type {
  DrawnLayer,
  InspectionCommand,
  InspectionMessage,
  InspectionState,
  InspectionView,
  LayerReport,
  LayerResponses,
  ModelAudit,
  ModelFailure,
  ModelSummary,
} from '../../worker/inspection/protocol.ts';
import type { ImportFile } from '../../worker/protocol.ts';
import { viewOf } from './filter-mark.ts';
import { ModelTasksStore } from './model-tasks-store.ts';

/** Everything the Inspect screen shows. */
export interface InspectState {
  /** The name of the file that is being read. */
  readonly reading: string | undefined;
  readonly failure: Pick<ModelFailure, 'message' | 'hint'> | undefined;
  /** The open model is an earlier one: the files dropped last were refused. */
  readonly stale: boolean;
  /** The open model and the name of its dropped file. */
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
  /** The first layer's responses to the face asked for last. */
  readonly responses: LayerResponses | undefined;
  readonly shares: Readonly<Record<InspectionView, readonly LayerShare[]>> | undefined;
  readonly audit: ModelAudit | undefined;
}

const NOTHING_OPEN: InspectState = {
  reading: undefined,
  failure: undefined,
  stale: false,
  model: undefined,
  layer: 0,
  settings: DEFAULT_INSPECTION,
  view: 'raw',
  state: 'nearZero',
  sort: 'index',
  selected: 0,
  report: undefined,
  drawn: undefined,
  responses: undefined,
  shares: undefined,
  audit: undefined,
};

interface Dropped {
  readonly name: string;
  readonly files: readonly ImportFile[];
}

/** Starts the worker's page end, which answers to `receive`. */
type ConnectInspection = (receive: (message: InspectionMessage) => void) => {
  post(command: InspectionCommand): void;
  /** Ends the reading of a model. */
  cancel(): void;
};

/** The state of the Inspect screen, and everything that can be asked for there. */
export class InspectStore {
  readonly state = createStore<InspectState>(() => NOTHING_OPEN);
  /** Slimming and ablation of the open model. */
  readonly tasks = new ModelTasksStore((command) => {
    this.#client.post(command(++this.#lastRequest));
    return this.#lastRequest;
  });
  readonly #client: ReturnType<ConnectInspection>;
  #lastRequest = 0;
  /** The files that are read, and the question about a layer that is not answered yet. */
  #opening: number | undefined;
  /** The files dropped last, and those of the open model. */
  #dropped: Dropped | undefined;
  #read: Dropped | undefined;
  #asking: number | undefined;
  #latestAsked: number | undefined;
  /** The question about a face that was asked last. */
  #responding: number | undefined;

  constructor(connect: ConnectInspection) {
    this.#client = connect((message) => this.#receive(message));
  }

  /** The files that the open model was read from. */
  get files(): readonly ImportFile[] {
    return this.#read?.files ?? [];
  }

  /** Changes how the report is looked at. */
  lookAt(change: Partial<Pick<InspectState, 'view' | 'state' | 'sort' | 'selected'>>): void {
    this.state.setState(change);
  }

  /** Reads a model; the one that is open stays until another was read. `file` names one of several. */
  openModel(name: string, files: readonly ImportFile[], file?: string): void {
    if (files.length === 0) return;
    this.#opening = ++this.#lastRequest;
    this.#dropped = { name, files };
    this.state.setState({ reading: name, failure: undefined });
    this.#client.post({ type: 'inspect-model', requestId: this.#opening, files, file });
  }

  /** Ends the reading of a model; the one that is open stays. */
  cancelReading(): void {
    this.#client.cancel();
    this.#opening = undefined;
    this.state.setState({ reading: undefined });
  }

  /** Reads another of the models that were dropped together. */
  openOther(file: string): void {
    if (this.#read !== undefined) this.openModel(this.#read.name, this.#read.files, file);
  }

  /** Takes the reason away that a model was refused, and the mark from the one that is open. */
  dismissRefusal(): void {
    this.state.setState({ failure: undefined, stale: false });
  }

  /** Says why there is no new model, and leaves the open one. */
  refuseModel(message: string, hint: string): void {
    this.state.setState({ reading: undefined, failure: { message, hint }, stale: true });
  }

  chooseLayer(layer: number): void {
    this.state.setState(({ model, view }) => ({ layer, selected: 0, view: viewOf(model?.layers[layer], view) }));
    this.#ask();
  }

  changeSettings(change: Partial<InspectionSettings>): void {
    this.state.setState(({ settings }) => ({ settings: { ...settings, ...change } }));
    this.#ask();
  }

  /** Asks for the responses of the open model's first layer to a face. */
  respondTo(face: SeenFace): void {
    const { model } = this.state.getState();
    if (model === undefined) return;
    this.#responding = ++this.#lastRequest;
    this.#client.post({ type: 'respond', requestId: this.#responding, layer: model.first, face });
  }

  /** One question at a time: a slider asks faster than a large layer answers. */
  #ask(): void {
    const { model, layer, settings, report } = this.state.getState();
    if (model === undefined || this.#asking !== undefined) return;
    this.#asking = ++this.#lastRequest;
    this.#latestAsked = this.#asking;
    this.#client.post({
      type: 'inspect-layer',
      requestId: this.#asking,
      layer,
      settings,
      drawn: report?.layer !== layer,
    });
  }

  #receive(message: InspectionMessage): void {
    const { reading, layer, settings, view } = this.state.getState();
    switch (message.type) {
      case 'model-read': {
        if (message.requestId !== this.#opening) return;
        this.#opening = undefined;
        this.#read = this.#dropped;
        const { model } = message;
        this.state.setState({
          reading: undefined,
          failure: undefined,
          stale: false,
          view: viewOf(model.layers[model.first], view),
          model: { ...model, name: reading ?? '' },
          layer: model.first,
          selected: 0,
          report: undefined,
          drawn: undefined,
          responses: undefined,
          shares: undefined,
          audit: undefined,
        });
        this.tasks.reset();
        // An answer about the model before is of no use.
        this.#asking = undefined;
        this.#ask();
        return;
      }
      case 'model-failed':
        // Another model was dropped since.
        if (this.#opening !== undefined && message.requestId < this.#opening) return;
        this.#opening = undefined;
        this.#asking = undefined;
        this.state.setState({ reading: undefined, failure: message.failure, stale: true });
        return;
      case 'layer-inspected': {
        if (message.requestId !== this.#asking) return;
        this.#asking = undefined;
        const { report } = message;
        if (report.layer === layer) this.state.setState(({ drawn }) => ({ report, drawn: report.drawn ?? drawn }));
        if (report.layer !== layer || report.settings.epsilon !== settings.epsilon) this.#ask();
        else if (report.settings.rho !== settings.rho || report.settings.reference !== settings.reference) this.#ask();
        return;
      }
      case 'responded':
        if (message.requestId === this.#responding) this.state.setState({ responses: message.responses });
        return;
      case 'shares':
        if (message.requestId === this.#latestAsked) {
          this.state.setState({ shares: message.shares, audit: message.audit });
        }
        return;
      default:
        this.tasks.receive(message);
    }
  }
}
