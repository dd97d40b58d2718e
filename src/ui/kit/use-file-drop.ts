import { type DragEvent, useState } from 'react';
import type { ImportFile } from '../../worker/protocol.ts';
import { droppedFiles } from './dropped-files.ts';

/** The properties of an element that takes dropped files. */
interface FileDrop {
  /** Whether something is held over the element. */
  readonly over: boolean;
  /** Props of the element. */
  readonly target: {
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDragLeave: (event: DragEvent) => void;
    readonly onDrop: (event: DragEvent) => void;
  };
}

/**
 * Takes files dropped on an element. Elements that take files may lie inside each other: the innermost takes the drop.
 * `onUnreadable` gets the browser's error where a folder cannot be read.
 */
export function useFileDrop(
  onFiles: (files: readonly ImportFile[]) => void,
  onUnreadable: (error: unknown) => void,
): FileDrop {
  const [over, setOver] = useState(false);
  return {
    over,
    target: {
      onDragOver(event) {
        event.preventDefault();
        setOver(true);
      },
      onDragLeave({ currentTarget, relatedTarget }) {
        // Leaving for an element inside is no leaving.
        if (!currentTarget.contains(relatedTarget instanceof Node ? relatedTarget : null)) setOver(false);
      },
      onDrop(event) {
        setOver(false);
        if (event.isDefaultPrevented()) return;
        event.preventDefault();
        droppedFiles(event.dataTransfer).then(onFiles, onUnreadable);
      },
    },
  };
}
