import { Button, Group, Modal } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Alert } from './alert.tsx';
import styles from './camera-dialog.module.css';

interface CameraDialogProps {
  readonly onClose: () => void;
  readonly onPicture: (picture: File) => void;
}

/** The camera, requested here alone and released with the dialog. */
export function CameraDialog({ onClose, onPicture }: CameraDialogProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [failure, setFailure] = useState<string>();
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let stream: MediaStream | undefined;
    let gone = false;
    const stop = () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    openCamera().then(
      (opened) => {
        stream = opened;
        if (gone) stop();
        else if (video.current) video.current.srcObject = opened;
      },
      (error: unknown) => setFailure(cameraProblem(error)),
    );
    return () => {
      gone = true;
      stop();
    };
  }, []);
  const take = () => {
    const { current } = video;
    if (!current) return;
    const canvas = document.createElement('canvas');
    canvas.width = current.videoWidth;
    canvas.height = current.videoHeight;
    canvas.getContext('2d')?.drawImage(current, 0, 0);
    canvas.toBlob((blob) => {
      if (blob) onPicture(new File([blob], 'camera.png'));
    }, 'image/png');
  };
  return (
    <Modal opened onClose={onClose} size={520} centered title="Camera" data-testid="camera-dialog">
      {failure === undefined ? (
        <video
          ref={video}
          className={styles.video}
          autoPlay
          playsInline
          muted
          aria-label="Picture of the camera"
          onLoadedData={() => setReady(true)}
        />
      ) : (
        <Alert text={failure} />
      )}
      <Group justify="space-between" gap={8} mt={12}>
        <span className={styles.line}>The picture stays in this tab.</span>
        <Group gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!ready} data-testid="camera-take" onClick={take}>
            Take the picture
          </Button>
        </Group>
      </Group>
    </Modal>
  );
}

async function openCamera(): Promise<MediaStream> {
  // Undefined on pages that are not served over https.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined) throw new Error('it needs https or localhost');
  return devices.getUserMedia({ video: { facingMode: 'user', width: { ideal: 1280 } }, audio: false });
}

function cameraProblem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') {
    return 'The camera was not allowed. Allow it for this page in the browser’s address bar, or drop a photo instead.';
  }
  if (name === 'NotFoundError') return 'No camera was found. Connect one, or drop a photo instead.';
  if (name === 'NotReadableError')
    return 'The camera is in use by another program. Close that, or drop a photo instead.';
  return `The camera cannot be used: ${error instanceof Error ? error.message : String(error)}. Drop a photo instead.`;
}
