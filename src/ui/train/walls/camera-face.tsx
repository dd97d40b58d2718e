import { Button, Group, Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { AlignmentClient } from '../../../client/alignment-client.ts';
import { Alert } from '../../kit/alert.tsx';
import { CameraDialog } from '../../kit/camera-dialog.tsx';
import { AlignmentStore } from '../../state/alignment-store.ts';
import { addCameraFace } from '../../state/run-faces.ts';

interface CameraFaceProps {
  /** The same function in every render: it is called once for each face. */
  readonly onClose: () => void;
}

/** Takes a picture of the camera, finds the face in it, and has the filters respond to it. */
export default function CameraFace({ onClose }: CameraFaceProps) {
  const [store] = useState(() => new AlignmentStore((receive) => new AlignmentClient(receive)));
  const { name, photos, failure } = useStore(store.state);
  useEffect(() => () => store.close(), [store]);
  const [photo] = photos;
  const face = photo?.faces[0];
  useEffect(() => {
    if (face === undefined) return;
    addCameraFace(face.pixels);
    onClose();
  }, [face, onClose]);
  if (name === undefined) {
    return (
      <CameraDialog onClose={onClose} onPicture={(file) => store.align('camera.png', [{ path: 'camera.png', file }])} />
    );
  }
  const found =
    photo && (photo.problem === undefined ? 'No face was found in the picture.' : `The picture ${photo.problem}.`);
  const problem = failure?.message ?? (face === undefined ? found : undefined);
  return (
    <Modal opened onClose={onClose} size={420} centered title="Camera">
      {problem === undefined ? (
        <p>Finding the face …</p>
      ) : (
        <>
          <Alert text={problem} hint="Look into the camera, with light from the front." />
          <Group justify="flex-end" gap={8} mt={12}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button onClick={() => store.close()}>Take another</Button>
          </Group>
        </>
      )}
    </Modal>
  );
}
