import type { ArchivedFaces } from '../exchange/run-archive.ts';
import type { ImportSummary } from '../faces/import/imported-faces.ts';
import type { ImportFailure, ImportFile, Message } from '../worker/protocol.ts';

/** Progress of an import of own faces. `summary` describes the faces in use, also while another import runs or has failed. */
export interface FacesState {
  readonly importing:
    | {
        readonly requestId: string;
        readonly name: string;
        readonly files: readonly ImportFile[];
        readonly done: number;
        readonly total: number;
      }
    | undefined;
  readonly summary: ImportSummary | undefined;
  /** The files that `summary` is of, for an alignment. */
  readonly given: readonly ImportFile[];
  readonly failure: ImportFailure | undefined;
}

export const NO_FACES: FacesState = { importing: undefined, summary: undefined, given: [], failure: undefined };

export type ImportMessage = Extract<Message, { readonly type: `import-${string}` }>;

/** The state after a message of the worker; those of an import that is no longer waited for change nothing. */
export function afterImportMessage(state: FacesState, message: ImportMessage): FacesState {
  if (state.importing?.requestId !== message.requestId) return state;
  switch (message.type) {
    case 'import-progress':
      return { ...state, importing: { ...state.importing, done: message.done, total: message.total } };
    case 'import-done':
      return { importing: undefined, summary: message.summary, given: state.importing.files, failure: undefined };
    case 'import-failed':
      return { ...state, importing: undefined, failure: message.failure };
    case 'import-cancelled':
      return { ...state, importing: undefined };
  }
}

/** Own faces as a run names them. */
export function facesIn({ summary }: FacesState): ArchivedFaces | undefined {
  return summary && { name: summary.name, identities: summary.identities, images: summary.images };
}

/** Whether the faces that are here can be those a run was trained on: as many people, as many images. */
export function areThese(wanted: ArchivedFaces | undefined, { summary }: FacesState): boolean {
  if (summary === undefined) return false;
  // Archives of version 1 do not say whom they were trained on; the first step then finds out.
  return wanted === undefined || (wanted.identities === summary.identities && wanted.images === summary.images);
}
