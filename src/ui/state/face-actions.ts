import type { StoreApi } from 'zustand/vanilla';
import { NO_FACES } from '../../client/faces-state.ts';
import type { RunClient } from '../../client/run-client.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { RunActions, RunState } from './run-state.ts';

type FaceActions = Pick<
  RunActions,
  'importFaces' | 'cancelImport' | 'refuseFaces' | 'dismissImportFailure' | 'useSyntheticFaces'
>;

/** Actions on the user's own faces. */
export function faceActions(
  store: StoreApi<RunState>,
  client: RunClient,
  newId: () => string,
  setConfig: (change: Partial<RunConfig>) => void,
): FaceActions {
  const cancelImport = () => {
    const { importing } = store.getState().faces;
    if (importing === undefined) return;
    store.setState(({ faces }) => ({ faces: { ...faces, importing: undefined } }));
    client.post({ type: 'cancel-import', requestId: importing.requestId });
  };
  return {
    cancelImport,
    importFaces(name, files) {
      cancelImport();
      const requestId = newId();
      store.setState(({ faces }) => ({
        faces: { ...faces, failure: undefined, importing: { requestId, name, files, done: 0, total: files.length } },
      }));
      client.post({ type: 'import-faces', requestId, name, files, config: store.getState().config });
    },
    refuseFaces(failure) {
      store.setState(({ faces }) => ({ faces: { ...faces, failure } }));
    },
    dismissImportFailure() {
      store.setState(({ faces }) => ({ faces: { ...faces, failure: undefined } }));
    },
    useSyntheticFaces() {
      cancelImport();
      client.post({ type: 'forget-faces' });
      store.setState({ faces: NO_FACES });
      setConfig({ faces: 'synthetic' });
    },
  };
}
