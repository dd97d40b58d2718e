import type { ImportFile } from '../../worker/protocol.ts';
import { DropZone } from './drop-zone.tsx';

interface FaceDropProps {
  readonly title: string;
  readonly onFiles: (files: readonly ImportFile[]) => void;
  readonly onUnreadable: (error: unknown) => void;
}

/** Where own faces are dropped; a click picks files. */
export function FaceDrop(props: FaceDropProps) {
  return (
    <DropZone
      testId="faces-drop"
      lines={['A folder or .zip with one folder per person, or train.rec with its train.idx']}
      accept=".zip,.tar,.tgz,.gz,.xz,image/*,.avif,.heic,.heif,.pgm,.ppm,.pnm,.bmp,.tif,.tiff,.rec,.idx,.lst,.csv,.txt"
      {...props}
    />
  );
}
