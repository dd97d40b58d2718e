import type { FaceSet } from '../../faces/face-set.ts';
import type { BackendName } from '../../kernels/register.ts';
import type { Cell } from '../../study/cells.ts';
import type { CellEnd } from './cell-trainer.ts';

/** The start data of a thread of a study. */
export interface ThreadData {
  readonly study: string;
  readonly out: string;
  readonly backend: BackendName;
  readonly places: ReadonlyMap<string, string>;
  /** How many threads share its steps. */
  readonly each: number;
}

/** To a thread that trains cells. The pixels of `faces` are shared with it. */
export type ToThread =
  | { readonly type: 'train'; readonly cell: Cell; readonly faces: FaceSet }
  | { readonly type: 'stop' };

/** Its answers. */
export type FromThread =
  | { readonly type: 'ended'; readonly end: CellEnd }
  /** Something is wrong that is no result of a run, such as a full disk. */
  | { readonly type: 'problem'; readonly message: string; readonly hint: string };
