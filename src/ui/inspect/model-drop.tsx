import { Button } from '@mantine/core';
import { READ_MODELS } from '../../formats/model-kinds.ts';
import type { ImportFile } from '../../worker/protocol.ts';
import { DropZone } from '../kit/drop-zone.tsx';
import { dropName, unreadableDrop } from '../kit/dropped-files.ts';
import { inspection, useInspect } from './page-inspect.ts';

/** Reads files as a model. */
export function takeModel(files: readonly ImportFile[]): void {
  inspection.openModel(dropName(files), files);
}

/** Says why the browser could not read a drop. */
export function refuseDrop(error: unknown): void {
  inspection.refuseModel(unreadableDrop(error), 'Drop the files themselves, or a zip.');
}

/** Says why an example could not be loaded. */
export function refuseExample(name: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  inspection.refuseModel(`${name} could not be loaded: ${reason}.`, 'Check the connection and press it again.');
}

/** Where a model is dropped; a click picks files. */
export function ModelDrop() {
  const reading = useInspect((state) => state.reading);
  const open = useInspect(({ model }) => model !== undefined);
  return (
    <>
      <DropZone
        testId="inspect-drop"
        inputLabel="Model files"
        title={reading === undefined ? (open ? 'Drop another model' : 'Drop a trained model.') : `Reading ${reading}`}
        lines={[`${READ_MODELS}; drop the files of one model together`, 'Read here, never uploaded.']}
        onFiles={takeModel}
        onUnreadable={refuseDrop}
      />
      {reading !== undefined && (
        <Button variant="default" size="xs" mt="xs" fullWidth onClick={() => inspection.cancelReading()}>
          Cancel reading
        </Button>
      )}
    </>
  );
}
