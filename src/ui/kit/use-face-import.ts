import { useCallback, useMemo } from 'react';
import type { ImportFile } from '../../worker/protocol.ts';
import { useActions } from '../state/store-context.tsx';
import { dropName, unreadableDrop } from './dropped-files.ts';

/** Handlers of the user's files, and of the error where they could not be read. */
export interface FaceImport {
  readonly take: (files: readonly ImportFile[]) => void;
  readonly refuse: (error: unknown) => void;
}

/** Hands files over to be read as faces. */
export function useFaceImport(): FaceImport {
  const actions = useActions();
  const take = useCallback(
    (files: readonly ImportFile[]) => {
      if (files.length > 0) actions.importFaces(dropName(files), files);
    },
    [actions],
  );
  const refuse = useCallback(
    (error: unknown) =>
      actions.refuseFaces({
        code: 'file-unreadable',
        message: unreadableDrop(error),
        hint: 'Check that the folder may be read, or drop it as a .zip.',
      }),
    [actions],
  );
  return useMemo(() => ({ take, refuse }), [take, refuse]);
}
