import { IconUpload } from '@tabler/icons-react';
import type { ImportFile } from '../../worker/protocol.ts';
import styles from './drop-zone.module.css';
import { pickedFiles } from './dropped-files.ts';
import { useFileDrop } from './use-file-drop.ts';

interface DropZoneProps {
  readonly testId: string;
  readonly title: string;
  /** Accepted files, a line each. */
  readonly lines: readonly string[];
  /** Name of the file input; without, the zone's own text. */
  readonly inputLabel?: string;
  /** Endings the chooser of files offers; without, all. */
  readonly accept?: string;
  readonly onFiles: (files: readonly ImportFile[]) => void;
  readonly onUnreadable: (error: unknown) => void;
}

/** Where files are dropped; a click picks them. */
export function DropZone({ testId, title, lines, inputLabel, accept, onFiles, onUnreadable }: DropZoneProps) {
  const { over, target } = useFileDrop(onFiles, onUnreadable);
  return (
    <label className={styles.zone} data-testid={testId} data-over={over || undefined} {...target}>
      <input
        className="visually-hidden"
        type="file"
        multiple
        accept={accept}
        aria-label={inputLabel}
        onChange={(event) => {
          onFiles(pickedFiles(event.currentTarget.files ?? []));
          // The same file may be chosen again after it was mended.
          event.currentTarget.value = '';
        }}
      />
      <IconUpload size={22} stroke={1.5} aria-hidden="true" />
      <b>{title}</b>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </label>
  );
}
