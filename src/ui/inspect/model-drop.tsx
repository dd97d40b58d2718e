import { IconUpload } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { dropName, droppedFiles, pickedFiles } from '../train/settings/dropped-files.ts';
import drops from '../train/settings/faces-group.module.css';
import { openModel, refuseModel, useInspect } from './inspect-store.ts';

/** Reads what was dropped as a model, or says why the browser could not. */
export function takeDrop(event: DragEvent): void {
  event.preventDefault();
  event.stopPropagation();
  droppedFiles(event.dataTransfer).then(
    (files) => openModel(dropName(files), files),
    (error: unknown) => {
      const technical = error instanceof Error ? error.message : String(error);
      refuseModel(`The browser could not read what was dropped: ${technical}.`, 'Drop the files themselves, or a zip.');
    },
  );
}

/** Where a model is dropped; a click picks files. */
export function ModelDrop() {
  const [over, setOver] = useState(false);
  const reading = useInspect((state) => state.reading);
  const open = useInspect(({ model }) => model !== undefined);
  return (
    <label
      className={drops.drop}
      data-testid="inspect-drop"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        takeDrop(event);
      }}
    >
      <input
        className="visually-hidden"
        type="file"
        multiple
        aria-label="Model files"
        onChange={(event) => {
          const files = pickedFiles(event.currentTarget.files ?? []);
          openModel(dropName(files), files);
          event.currentTarget.value = '';
        }}
      />
      <IconUpload size={22} stroke={1.5} aria-hidden="true" />
      <b>{reading === undefined ? (open ? 'Drop another model' : 'Drop a trained model.') : `Reading ${reading}`}</b>
      <span>ONNX, PyTorch, safetensors, .npz, or TensorFlow.js model.json with its .bin files</span>
      <span>Read here, never uploaded.</span>
    </label>
  );
}
