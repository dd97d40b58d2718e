import type { Problem } from '../../config/problem.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { ResponseMaps } from '../../craft/response.ts';
import type { ModelProblemCode } from '../../exchange/model-problem.ts';
import type { BenchmarkId, PairIdentities } from '../../faces/benchmark-source.ts';
import type { RegionName } from '../../faces/face-set.ts';
import type { ImportFailureCode } from '../../faces/import/import-error.ts';
import type { UnreadableImages } from '../../faces/import/imported-faces.ts';
import type { FormatProblemCode } from '../../formats/problem.ts';
import type { EngineErrorCode } from '../../network/backend.ts';
import type { FirstLayerUse } from '../../network/first-layer-use.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import type { DrawnRoc } from '../../verification/decimated-roc.ts';
import type { FoldResult } from '../../verification/folds.ts';
import type { HardPair } from '../../verification/hard-pairs.ts';
import type { VerificationProblemCode } from '../../verification/problem.ts';
import type { ScoreHistogram } from '../../verification/score-histogram.ts';
import type { Significance } from '../../verification/significance.ts';
import type { ImportFile } from '../protocol.ts';

/** A row of the table: one of the seven benchmarks, or a file that is none of them. */
export type RowId = BenchmarkId | `file-${number}`;

/** How a byte becomes a number: (x - 127.5) / 127.5, (x - 127) / 128, as it is, or divided by 255. */
export type Scaling = '127.5' | '128' | '0-255' | '0-1';

/** How bytes become numbers for a model that does not say so itself. */
export interface InputCoding {
  /** `auto`: as the model's graph asks, else (x - 127.5) / 127.5. */
  readonly scaling: Scaling | 'auto';
  readonly colours: 'RGB' | 'BGR';
}

/** Page to the worker that verifies. An answer carries the command's `requestId`. */
export type VerificationCommand =
  /** Takes over the present networks of the page's run. */
  | { readonly type: 'open-run'; readonly requestId: number; readonly checkpoint: Checkpoint }
  /**
   * Takes files the user gave: networks (a saved run, a model) or pairs (an official file or folder), recognised by
   * content. Files given to a `row`, or as pairs, are pairs in any case.
   */
  | {
      readonly type: 'take-files';
      readonly requestId: number;
      readonly name: string;
      readonly files: readonly ImportFile[];
      readonly as: 'anything' | 'pairs';
      readonly row: RowId | undefined;
      /** Of pairs that an earlier worker held: the rows that they filled, of which the page still has these. */
      readonly rows?: readonly HeldRow[];
    }
  /** Lets go of networks that are no longer on the page. */
  | { readonly type: 'close-networks'; readonly requestId: number; readonly networks: readonly string[] }
  /** Back to the built-in pairs of that row; a row of its own is gone. */
  | { readonly type: 'remove-benchmark'; readonly requestId: number; readonly row: RowId }
  /** Scores one or two networks on the rows, in their order. */
  | {
      readonly type: 'verify';
      readonly requestId: number;
      readonly networks: readonly { readonly id: string; readonly name: string; readonly coding: InputCoding }[];
      readonly rows: readonly RowId[];
      /** Pairs of a built-in benchmark. */
      readonly pairs: number;
      /** Whether results hold the scores of the first network, pair by pair. */
      readonly scores?: boolean;
      readonly backend: RunConfig['backend'];
    }
  /** How similar networks find two aligned faces, RGB [112, 112, 3] each. */
  | {
      readonly type: 'compare-photos';
      readonly requestId: number;
      readonly networks: Extract<VerificationCommand, { type: 'verify' }>['networks'];
      readonly photos: readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
      readonly backend: RunConfig['backend'];
    }
  /** Ends the request of that number, of any kind. */
  | { readonly type: 'cancel'; readonly requestId: number };

/** A network that can be verified. */
export interface NetworkSummary {
  readonly id: string;
  /** As the user knows it: "Standard", "fr_feature.onnx"; text from outside. */
  readonly name: string;
  /** Where it comes from: "step 2 400 of the run", "ONNX, 112 px". */
  readonly detail: string;
  readonly arm?: string;
  /** Steps trained, and the seed of its run, where they are known. */
  readonly step?: number;
  readonly seed?: number;
  /** The seeds of its run's test pairs and people, where they are known. */
  readonly testSeed?: number;
  /** Of arms of runs, by the criterion of their run. */
  readonly firstLayer?: FirstLayerUse;
  readonly size: number;
  readonly region: RegionName;
  /** Whether the coding of its input is to be chosen. */
  readonly coded: boolean;
  /** The scaling that its graph asks for, where it normalises the image itself. */
  readonly scaling?: Scaling;
}

/** Where a row's pairs come from. */
export interface RowSource {
  readonly kind: 'synthetic' | 'file';
  /** "Drawn LFW", "lfw.bin"; text from outside. */
  readonly name: string;
  /** The contents of files, in words. */
  readonly found?: string;
  /** Of files: the pairs' own name, by which they differ from others of the same file: "CFP-FP". */
  readonly title?: string;
}

/** A row and the contents of a file that fill it. */
export interface HeldRow {
  readonly row: RowId;
  readonly source: RowSource;
}

/** A true-accept rate at a false-accept rate. */
export interface TarEntry {
  readonly far: number;
  readonly tar: number;
  /** Over the folds, where there are folds. */
  readonly deviation?: number;
  /** False where the benchmark has too few different pairs to resolve the rate, or the folds do not keep it. */
  readonly resolvable: boolean;
}

/** Squared distances of pairs by a network, 1 where a pair shows one person, and whom both sides show where that is known. */
export interface PairScores {
  readonly distances: Float64Array<ArrayBuffer>;
  readonly same: Uint8Array<ArrayBuffer>;
  readonly identities?: PairIdentities;
}

/** The result of one network on a benchmark. */
export interface ArmResult {
  /** Accuracy, or of templates the true-accept rate at the row's `far`; 0 to 1. */
  readonly headline: number;
  /** Population deviation over the folds; of templates there are none. */
  readonly deviation?: number;
  /** Threshold (squared distance) and accuracy of each; of templates there are none. */
  readonly folds?: readonly FoldResult[];
  readonly auc: number;
  readonly eer: number;
  readonly tars: readonly TarEntry[];
  readonly roc: DrawnRoc;
  readonly histogram: ScoreHistogram;
  /** Cosine from which on a pair counts as one person, mean over the folds. */
  readonly threshold: number;
}

/** A hard pair with its two pictures, by their number in `pictures`. */
export interface ShownPair extends HardPair {
  readonly left: number;
  readonly right: number;
}

/** A row of the table, filled in. */
export interface BenchmarkResult {
  readonly row: RowId;
  readonly source: RowSource;
  readonly protocol: 'pairs' | 'templates';
  /** False where the file's pairs were in unbalanced blocks and were interleaved. */
  readonly pairsAsGiven: boolean;
  readonly pairs: number;
  readonly samePairs: number;
  readonly images: number;
  /** Images of a people's folder that could not be read, of which no pair was drawn. */
  readonly unreadable?: UnreadableImages;
  /** Which of a people's photos were there twice, in sentences. */
  readonly copies?: readonly string[];
  /** How many of the pairs are different, where some are repeated. */
  readonly distinct?: number;
  /** Of templates: the false-accept rate of the headline, the lowest from 0.001 on that five false accepts make up. */
  readonly far?: number;
  readonly arms: readonly ArmResult[];
  /** Of two networks; whether a difference is claimed depends on the other rows, too. */
  readonly comparison?: Significance;
  readonly hardest: readonly ShownPair[];
  /** Where they were asked for, of pairs of single images: in the order of the folds, [pairs] each. */
  readonly scores?: PairScores;
  /** RGB, [pictures, size, size, 3], as the networks see them. */
  readonly pictures: { readonly size: number; readonly images: Uint8Array<ArrayBuffer> };
  readonly milliseconds: number;
}

export type VerificationFailureCode =
  | ModelProblemCode
  | ImportFailureCode
  | FormatProblemCode
  | VerificationProblemCode
  | EngineErrorCode
  /** A network of the command is no longer open. */
  | 'not-open'
  /** The graphics card stopped answering. */
  | 'engine-lost'
  | 'not-a-face-model'
  | 'internal';

/** A failure: the cause, the remedy, and the data that stay in use. */
export type VerificationFailure = Problem<VerificationFailureCode>;

/** The present work on a row, or on dropped files. */
export type VerificationPhase = 'reading' | 'drawing' | 'embedding' | 'scoring';

/** The answers of networks to two photos, in the order of the command. */
export interface ComparedPhotos {
  /** A cosine for each network. */
  readonly similarities: readonly number[];
  /** The responses of each first layer to the first photo and the second; undefined of models from files. */
  readonly responses: readonly (readonly [ResponseMaps, ResponseMaps] | undefined)[];
}

/** Worker to page. */
export type VerificationMessage =
  | { readonly type: 'networks-opened'; readonly requestId: number; readonly networks: readonly NetworkSummary[] }
  | {
      readonly type: 'benchmark-added';
      readonly requestId: number;
      readonly row: RowId;
      readonly source: RowSource;
      /** Whether it is the last of the given files. */
      readonly last: boolean;
    }
  | {
      readonly type: 'progress';
      readonly requestId: number;
      /** Undefined while dropped files are read. */
      readonly row: RowId | undefined;
      readonly phase: VerificationPhase;
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'row-done'; readonly requestId: number; readonly result: BenchmarkResult }
  /** The other rows continue. */
  | {
      readonly type: 'row-failed';
      readonly requestId: number;
      readonly row: RowId;
      readonly failure: VerificationFailure;
    }
  | { readonly type: 'verified'; readonly requestId: number }
  | { readonly type: 'photos-compared'; readonly requestId: number; readonly compared: ComparedPhotos }
  | { readonly type: 'cancelled'; readonly requestId: number }
  | { readonly type: 'failed'; readonly requestId: number; readonly failure: VerificationFailure }
  /** The worker itself is gone, with the networks and files it held; the next command starts another. */
  | { readonly type: 'stopped'; readonly failure: VerificationFailure }
  /** A fresh worker took the place of one that did not answer a cancel, and could not read these again. */
  | {
      readonly type: 'lost';
      readonly networks: readonly string[];
      readonly rows: readonly RowId[];
      readonly failure: VerificationFailure;
    };

/** The messages that a worker posts; the others are the page's own news of its worker. */
export type WorkerAnswer = Exclude<VerificationMessage, { type: 'stopped' | 'lost' }>;
