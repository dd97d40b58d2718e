import { IconUpload } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import type { ImportFile } from '../../../worker/protocol.ts';
import { droppedFiles, pickedFiles } from './dropped-files.ts';
import styles from './faces-group.module.css';

interface FaceDropProps {
  readonly title: string;
  readonly onFiles: (files: readonly ImportFile[]) => void;
  readonly onUnreadable: (error: unknown) => void;
}

/** Where own faces are dropped; a click picks files. */
export function FaceDrop({ title, onFiles, onUnreadable }: FaceDropProps) {
  const [over, setOver] = useState(false);
  const drag = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    droppedFiles(event.dataTransfer).then(onFiles, onUnreadable);
  };
  return (
    <label
      className={styles.drop}
      data-testid="faces-drop"
      data-over={over || undefined}
      onDragEnter={drag}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        className="visually-hidden"
        type="file"
        multiple
        accept=".zip,image/*,.pgm,.ppm,.pnm,.rec,.idx,.lst"
        onChange={(event) => {
          onFiles(pickedFiles(event.currentTarget.files ?? []));
          event.currentTarget.value = '';
        }}
      />
      <IconUpload size={22} stroke={1.5} aria-hidden="true" />
      <b>{title}</b>
      <span>A folder or .zip with one folder per person, or train.rec with its train.idx</span>
    </label>
  );
}
