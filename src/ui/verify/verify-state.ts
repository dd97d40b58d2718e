import type { ImportFile } from '../../worker/protocol.ts';
import type {
  BenchmarkResult,
  ComparedPhotos,
  InputCoding,
  NetworkSummary,
  RowId,
  RowSource,
  VerificationFailure,
  VerificationPhase,
} from '../../worker/verification/protocol.ts';
import type { Column } from './columns.ts';

/** A running verification. */
export interface Job {
  readonly requestId: number;
  /** Rows that are not filled in yet, in their order; the first is on its way. */
  readonly pending: readonly RowId[];
  readonly row: RowId | undefined;
  readonly phase: VerificationPhase | undefined;
  readonly done: number;
  readonly total: number;
}

/** Files that are being read. */
export interface Reading {
  readonly requestId: number;
  readonly name: string;
  readonly files: readonly ImportFile[];
  readonly done: number;
  readonly total: number;
}

/** A failure outside of a row; `name` is the file, where it was one. */
export interface ShownFailure extends VerificationFailure {
  readonly name: string | undefined;
}

/** Everything the Verify screen shows. */
export interface VerifyState {
  /** Whether the page's run is verified, or networks from files. */
  readonly subject: 'run' | 'files';
  /** Networks opened from files; at most two, in their columns. */
  readonly opened: readonly NetworkSummary[];
  readonly coding: InputCoding;
  /** Pairs of a built-in benchmark. */
  readonly pairs: number;
  /** Rows whose pairs come from files, and drawn ones that were added. */
  readonly files: Partial<Record<RowId, RowSource>>;
  /** The networks that the results are of. */
  readonly columns: readonly Column[];
  readonly results: Partial<Record<RowId, BenchmarkResult>>;
  readonly failures: Partial<Record<RowId, VerificationFailure>>;
  /** Asking the run for its networks. */
  readonly asking: boolean;
  readonly job: Job | undefined;
  readonly reading: Reading | undefined;
  readonly failure: ShownFailure | undefined;
  /** The answers of each column to two photos of the user's; undefined while they are compared, or there are none. */
  readonly compared: ComparedPhotos | undefined;
  /** The row that charts and pairs are of. */
  readonly chosen: RowId;
}

/** The screen before anything was verified. */
export const NOTHING_VERIFIED: VerifyState = {
  subject: 'run',
  opened: [],
  coding: { scaling: 'auto', colours: 'RGB' },
  pairs: 1000,
  files: {},
  columns: [],
  results: {},
  failures: {},
  asking: false,
  job: undefined,
  reading: undefined,
  failure: undefined,
  compared: undefined,
  chosen: 'lfw',
};
