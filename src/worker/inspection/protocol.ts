import type { Problem } from '../../config/problem.ts';
import type { AuditTotals, LayerAudit } from '../../craft/audit.ts';
import type { KernelShape } from '../../craft/filter-bank.ts';
import type { InspectionSettings, LayerInspection, LayerShare } from '../../craft/inspection.ts';
import type { ResponseMaps, SeenFace } from '../../craft/response.ts';
import type { SimilarPair } from '../../craft/similar-filters.ts';
import type { Verdict } from '../../craft/verdict.ts';
import type { ModelTensors } from '../../exchange/import/model-tensors.ts';
import type { ModelProblemCode } from '../../exchange/model-problem.ts';
import type { SlimLayers, SlimReport } from '../../exchange/slim/slim-onnx.ts';
import type { UnreadableImages } from '../../faces/import/imported-faces.ts';
import type { Variation } from '../../faces/synthetic/variation.ts';
import type { ImportFile } from '../protocol.ts';

/** As they are, or with the batch norm that follows folded in. */
export type InspectionView = 'raw' | 'folded';
/** Near zero, or weak next to the others. */
export type InspectionState = 'nearZero' | 'weak';

/** Page to the worker that examines models. An answer carries the command's `requestId`. */
export type InspectionCommand =
  /** Reads a model from files, of several the one named `file`; the open one stays open where they are none. */
  | {
      readonly type: 'inspect-model';
      readonly requestId: number;
      readonly files: readonly ImportFile[];
      readonly file: string | undefined;
    }
  /** Judges a convolution of the open model; `drawn` asks for its filters to draw and the similar ones too. */
  | {
      readonly type: 'inspect-layer';
      readonly requestId: number;
      readonly layer: number;
      readonly settings: InspectionSettings;
      readonly drawn: boolean;
    }
  /** Asks for the responses of a convolution of the open model to a face. */
  | { readonly type: 'respond'; readonly requestId: number; readonly layer: number; readonly face: SeenFace }
  /** Makes the open model smaller and compares both, on the photos as well. */
  | {
      readonly type: 'slim-model';
      readonly requestId: number;
      readonly layers: SlimLayers;
      readonly photos: readonly ImportFile[];
    }
  /** Chooses the pairs that accuracies are measured on from now on, of any model; ends a measurement that runs. */
  | { readonly type: 'choose-pairs'; readonly requestId: number; readonly pairs: PairsOrder }
  /** Runs the open model with these filters of its first layer switched off. */
  | { readonly type: 'ablate'; readonly requestId: number; readonly filters: readonly number[] }
  /** The same for each of them alone. */
  | { readonly type: 'ablate-each'; readonly requestId: number; readonly filters: readonly number[] };

/** Drawn benchmarks of pairs of single photos. */
export type DrawnPairs = Exclude<Variation, 'ijb-b' | 'ijb-c'>;

/** Pairs that are asked for, at most so many: drawn ones, or those of files, of several sets the one of that name. */
export type PairsOrder = { readonly count: number } & (
  | { readonly kind: 'drawn'; readonly variation: DrawnPairs }
  | { readonly kind: 'files'; readonly name: string; readonly files: readonly ImportFile[] }
);

/** Pairs that were chosen. */
export interface PairsShown {
  /** "Drawn LFW", "lfw.bin": text from outside. */
  readonly name: string;
  readonly count: number;
  /** Pairs of the whole set, where it says so. */
  readonly of?: number;
}

/** A convolution in the list of layers. */
export interface LayerSummary {
  /** From the file: to be shown as text only. */
  readonly name: string;
  /** [height, width, channels, filters]. */
  readonly shape: KernelShape;
  readonly batchNorm?: string;
  /** One that is not folded in, by its name. */
  readonly unreadNorm?: string;
}

/** A model that was read. */
export interface ModelSummary {
  /** The file that was read, and the other models beside it or in the same zip. */
  readonly file: string;
  readonly others: readonly string[];
  /** Names of later convolutions that could not be read. */
  readonly unread: readonly string[];
  /** Names of convolutions that take an image as well, and are not judged as the first layer. */
  readonly alsoFirst: readonly string[];
  /** Whether the image passes convolutions that were not trained ahead of the first layer; responses leave them out. */
  readonly passes: boolean;
  /** The file's kind, in words: "ONNX". */
  readonly format: string;
  readonly order: 'graph' | 'names';
  readonly first: number;
  readonly layers: readonly LayerSummary[];
  /** Of a network that was trained here: its arm, to train on, or why it cannot be. */
  readonly own?: { readonly arm: string; readonly step: number } | { readonly why: string };
  /** Of all files together, and milliseconds to read them. */
  readonly bytes: number;
  readonly readMs: number;
}

/** Why files gave no model. */
export type ModelFailure = Problem<ModelProblemCode | 'internal'>;

/** The filters of a layer as pictures. */
export interface DrawnLayer {
  /** [size, size, channels, filters] with 3 channels, or 1 to be shown in grey. */
  readonly kernel: Float32Array<ArrayBuffer>;
  readonly size: number;
  /** `rgb`: the weights themselves; `grey`: of the one channel; `strength`: size of the weights over all channels. */
  readonly shows: 'rgb' | 'grey' | 'strength';
  readonly similar: readonly SimilarPair[];
}

/** The findings in a layer, with both views and both states in words. */
export interface LayerReport {
  readonly layer: number;
  readonly settings: InspectionSettings;
  readonly inspection: LayerInspection;
  /** Filters of the first layer that the layers behind do not use, where a graph shows them. */
  readonly unused?: readonly number[];
  readonly verdicts: Readonly<Record<InspectionView, Readonly<Record<InspectionState, Verdict>>>>;
  /** Only where the command asked for it. */
  readonly drawn?: DrawnLayer;
}

/** Two versions of a model on the same images. */
export interface AnswerComparison {
  readonly random: AnswerDifference;
  /** On faces that the user has open. */
  readonly faces?: AnswerDifference;
  /** ONNX Runtime's time for one image on one thread, before and after. */
  readonly milliseconds: readonly [number, number];
}

export interface AnswerDifference {
  readonly images: number;
  /** The largest difference of one embedding value, and the largest value. */
  readonly largest: number;
  readonly scale: number;
}

/** The responses of a layer to a face. */
export interface LayerResponses {
  readonly layer: number;
  readonly maps: ResponseMaps;
  /**
   * How much of the batch norm behind the layer is in it: all, its scale alone where the file holds no more, or there
   * is none.
   */
  readonly batchNorm: 'whole' | 'scale' | 'none';
}

/** A way to make a model smaller, with a sentence for each layer whose dead filters stay. */
export type SlimPlan = Omit<SlimReport, 'kept'> & { readonly kept: readonly string[] };

/** The removable channels of the open model. */
export interface Removable {
  /** In sentences, counted from the file. */
  readonly decision: readonly string[];
  readonly plans: Readonly<Record<SlimLayers, SlimPlan>> | undefined;
  /** How its first layer is brought back by training: lines of Python, and a zip of them with craft.py. */
  readonly revive: { readonly script: string; readonly bundle: Uint8Array<ArrayBuffer> };
}

/** A smaller model, and how its answers compare; `unmeasured` says why they were not. */
export interface SlimmedModel {
  readonly layers: SlimLayers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly comparison?: AnswerComparison;
  readonly unmeasured?: string;
}

/** A model with some first-layer filters off, compared with itself. */
export interface AblationResult {
  readonly filters: readonly number[];
  /** 1 - cosine of an embedding with itself before, the mean over some images. */
  readonly change: number;
  /** Of which pairs the accuracies are. */
  readonly pairs: string;
  readonly pairCount: number;
  /** Images of a people's folder that could not be read, of which no pair was drawn. */
  readonly unreadable?: UnreadableImages | undefined;
  /** Shares of pairs judged rightly, before and with the filters off. */
  readonly accuracy: readonly [number, number];
  /** 95 % interval of the difference. */
  readonly interval: readonly [number, number] | undefined;
}

/** Worker to page. */
export type InspectionMessage =
  /** After the first shares of a model. */
  | { readonly type: 'removable'; readonly requestId: number; readonly removable: Removable }
  | { readonly type: 'slimmed'; readonly requestId: number; readonly model: SlimmedModel }
  | { readonly type: 'pairs-chosen'; readonly requestId: number; readonly pairs: PairsShown }
  /** Of `ablate`: images that were run, of all. */
  | { readonly type: 'ablating'; readonly requestId: number; readonly done: number; readonly total: number }
  | { readonly type: 'ablated'; readonly requestId: number; readonly result: AblationResult }
  /** Of `ablate-each`, one by one; `left` filters are still to come. */
  | {
      readonly type: 'ablated-one';
      readonly requestId: number;
      readonly filter: number;
      readonly change: number;
      readonly left: number;
    }
  /** Why a task with the open model gave nothing; the model stays open. */
  | { readonly type: 'task-failed'; readonly requestId: number; readonly failure: ModelFailure }
  | { readonly type: 'model-read'; readonly requestId: number; readonly model: ModelSummary }
  | { readonly type: 'model-failed'; readonly requestId: number; readonly failure: ModelFailure }
  | { readonly type: 'layer-inspected'; readonly requestId: number; readonly report: LayerReport }
  | { readonly type: 'responded'; readonly requestId: number; readonly responses: LayerResponses }
  /** A moment after a report, unless another layer or other settings were asked for: the same for every layer. */
  | {
      readonly type: 'shares';
      readonly requestId: number;
      readonly shares: Readonly<Record<InspectionView, readonly LayerShare[]>>;
      readonly audit: ModelAudit;
    };

/** The audit of all layers, and the image that multiply-adds are counted for. */
export interface ModelAudit {
  readonly layers: readonly LayerAudit[];
  readonly totals: AuditTotals;
  readonly image: ModelTensors['image'];
}
