import { createStore } from 'zustand/vanilla';
import type { SlimLayers } from '../../exchange/slim/slim-onnx.ts';
import type {
  AblationResult,
  InspectionCommand,
  InspectionMessage,
  ModelFailure,
  PairsOrder,
  PairsShown,
  Removable,
  SlimmedModel,
} from '../../worker/inspection/protocol.ts';
import type { ImportFile } from '../../worker/protocol.ts';

/** The tasks on the open model besides looking at it. */
export interface TasksState {
  readonly removable: Removable | undefined;
  /** Where channels are cut. */
  readonly layers: SlimLayers;
  readonly photos: readonly ImportFile[];
  readonly slimming: boolean;
  /** The smaller models that were made. */
  readonly slimmed: Partial<Readonly<Record<SlimLayers, SlimmedModel>>>;
  /** A click on a tile switches its filter off and on. */
  readonly ablating: boolean;
  readonly off: readonly number[];
  /** Pairs that accuracies are measured on, as they were asked for and as they were found. */
  readonly pairs: PairsOrder;
  readonly pairsShown: PairsShown | undefined;
  readonly measuring: 'off' | 'each' | 'pairs' | undefined;
  /** Images that were run of all, while filters are switched off. */
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  readonly result: AblationResult | undefined;
  /** 1 - cosine with each filter off alone, as far as it was measured. */
  readonly changes: ReadonlyMap<number, number>;
  readonly failure: Pick<ModelFailure, 'message' | 'hint'> | undefined;
}

const NOTHING: TasksState = {
  removable: undefined,
  layers: 'first',
  photos: [],
  slimming: false,
  slimmed: {},
  ablating: false,
  off: [],
  pairs: { kind: 'drawn', variation: 'lfw', count: 200 },
  pairsShown: undefined,
  measuring: undefined,
  progress: undefined,
  result: undefined,
  changes: new Map(),
  failure: undefined,
};

type Post = (command: (requestId: number) => InspectionCommand) => number;

/** Slimming and ablation of the open model: one thing at a time, in its own worker. */
export class ModelTasksStore {
  readonly state = createStore<TasksState>(() => NOTHING);
  readonly #post: Post;
  #slimRequest = 0;
  #ablationRequest = 0;
  /** Pairs that are being looked for. */
  #wanted: PairsOrder | undefined;

  /** `post` numbers a command and sends it. */
  constructor(post: Post) {
    this.#post = post;
  }

  /** Another model is open; the pairs that were chosen hold for it as well. */
  reset(): void {
    const { pairs } = this.state.getState();
    this.state.setState(NOTHING);
    this.#slimRequest = 0;
    this.#ablationRequest = 0;
    // It has a worker of its own.
    if (pairs !== NOTHING.pairs) this.choosePairs(pairs);
  }

  /** Measures accuracies on these pairs from now on; filters that are off are measured again. */
  choosePairs(pairs: PairsOrder): void {
    this.#wanted = pairs;
    this.state.setState({ measuring: 'pairs', progress: undefined, result: undefined, failure: undefined });
    this.#ablationRequest = this.#post((requestId) => ({ type: 'choose-pairs', requestId, pairs }));
  }

  chooseLayers(layers: SlimLayers): void {
    this.state.setState({ layers });
  }

  /** Photos to compare on as well; results without them are measured again. */
  takePhotos(photos: readonly ImportFile[]): void {
    // A running comparison is without them: its answer is not taken.
    this.state.setState({ photos, slimmed: {}, slimming: false });
    this.slim();
  }

  /** Says why dropped pairs never reached the worker. */
  refusePairs(message: string): void {
    this.state.setState({ failure: { message, hint: 'Drop the files themselves, or a zip.' } });
  }

  /** Makes the smaller model and compares it; it is in `slimmed` afterwards. */
  slim(): void {
    const { layers, photos, slimming } = this.state.getState();
    if (slimming) return;
    this.state.setState({ slimming: true, failure: undefined });
    this.#slimRequest = this.#post((requestId) => ({ type: 'slim-model', requestId, layers, photos }));
  }

  /** Whether a click switches filters off. All of them are on again afterwards. */
  ablate(ablating: boolean): void {
    this.state.setState({ ablating, off: [], result: undefined });
  }

  /** Switches a filter off or on again, and measures the change. */
  toggle(filter: number): void {
    const { off } = this.state.getState();
    const now = off.includes(filter) ? off.filter((one) => one !== filter) : [...off, filter];
    this.state.setState({ off: now.toSorted((a, b) => a - b), result: undefined });
    this.#measure();
  }

  /** Each of the filters off alone. */
  measureEach(filters: number): void {
    this.state.setState({ measuring: 'each', changes: new Map(), failure: undefined });
    const all = Array.from({ length: filters }, (_, filter) => filter);
    this.#ablationRequest = this.#post((requestId) => ({ type: 'ablate-each', requestId, filters: all }));
  }

  receive(message: InspectionMessage): void {
    switch (message.type) {
      case 'removable':
        this.state.setState({ removable: message.removable });
        return;
      case 'slimmed':
        if (message.requestId !== this.#slimRequest) return;
        this.state.setState(({ slimmed }) => ({
          slimming: false,
          slimmed: { ...slimmed, [message.model.layers]: message.model },
        }));
        return;
      case 'pairs-chosen': {
        if (message.requestId !== this.#ablationRequest) return;
        const pairs = this.#wanted ?? this.state.getState().pairs;
        this.state.setState({ pairs, pairsShown: message.pairs, measuring: undefined, changes: new Map() });
        this.#measure();
        return;
      }
      case 'ablating':
        if (message.requestId === this.#ablationRequest) this.state.setState({ progress: message });
        return;
      case 'ablated': {
        if (message.requestId !== this.#ablationRequest) return;
        const { off } = this.state.getState();
        this.state.setState({ measuring: undefined, progress: undefined });
        if (message.result.filters.join() === off.join()) this.state.setState({ result: message.result });
        else this.#measure();
        return;
      }
      case 'ablated-one': {
        if (message.requestId !== this.#ablationRequest) return;
        const { filter, change, left } = message;
        this.state.setState(({ changes }) => ({
          changes: new Map(changes).set(filter, change),
          measuring: left === 0 ? undefined : 'each',
        }));
        if (left === 0) this.#measure();
        return;
      }
      case 'task-failed':
        if (message.requestId !== this.#slimRequest && message.requestId !== this.#ablationRequest) return;
        this.state.setState({ slimming: false, measuring: undefined, progress: undefined, failure: message.failure });
        return;
      default:
    }
  }

  /** One question at a time: a click is faster than a network. */
  #measure(): void {
    const { off, measuring, result } = this.state.getState();
    if (measuring !== undefined || off.length === 0 || result !== undefined) return;
    this.state.setState({ measuring: 'off', failure: undefined });
    this.#ablationRequest = this.#post((requestId) => ({ type: 'ablate', requestId, filters: off }));
  }
}
