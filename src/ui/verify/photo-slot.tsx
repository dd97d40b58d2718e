import { Button } from '@mantine/core';
import { IconCamera } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { FaceView } from '../../alignment/face-view.ts';
import { formatFixed } from '../../config/quantity.ts';
import { noticeText } from '../../formats/outside-text.ts';
import { Alert, type AlertWords } from '../kit/alert.tsx';
import { CameraDialog } from '../kit/camera-dialog.tsx';
import { DropZone } from '../kit/drop-zone.tsx';
import { FacePicture } from '../kit/face-picture.tsx';
import type { AlignmentState, AlignmentStore } from '../state/alignment-store.ts';
import styles from './two-photos.module.css';
import { faceOf } from './two-photos-slots.ts';

/** Of an aligned face. */
const SIDE = 112;

/** Letters of a file's name in a sentence. */
const MOST_OF_NAME = 80;

interface PhotoSlotProps {
  readonly place: 1 | 2;
  readonly store: AlignmentStore;
}

/** One of the photos: dropped, picked or taken; with several faces in it, the one that is meant. */
export function PhotoSlot({ place, store }: PhotoSlotProps) {
  const photo = useStore(store.state);
  const [camera, setCamera] = useState(false);
  const [unreadable, setUnreadable] = useState(false);
  const name = `Photo ${place}`;
  const read = photo.photos[0];
  const face = faceOf(photo);
  const problem = problemOf(photo, unreadable);
  const take = (file: File) => {
    setCamera(false);
    setUnreadable(false);
    store.align(file.name, [{ path: file.name, file }]);
  };
  return (
    <div className={styles.slot}>
      {face && read ? (
        <>
          <div className={styles.photo}>
            <FacePicture pictures={face.around ?? { size: SIDE, images: face.pixels }} number={0} />
            {face.around && <FivePointMarks points={face.around.points} />}
          </div>
          <div className={styles.caption}>
            <FacePicture pictures={{ size: SIDE, images: face.pixels }} number={0} />
            <p className={styles.line}>
              <b>{name}</b> {noticeText(read.path, MOST_OF_NAME)}, turned {formatFixed(Math.round(face.turned), 0)}° and
              scaled {face.scaled.toFixed(2)} to the aligned picture at left
            </p>
          </div>
          {read.faces.length > 1 && (
            <fieldset className={styles.faces} aria-label={`Faces of ${name}`}>
              {read.faces.map(({ points, pixels }, at) => (
                <button
                  key={points.join()}
                  type="button"
                  aria-pressed={at === (photo.chosen[read.path] ?? 0)}
                  aria-label={`Face ${at + 1}`}
                  onClick={() => store.choose(read.path, at)}
                >
                  <FacePicture pictures={{ size: SIDE, images: pixels }} number={0} />
                </button>
              ))}
            </fieldset>
          )}
          <Button variant="default" size="xs" onClick={() => store.close()}>
            Replace
          </Button>
        </>
      ) : (
        <>
          <DropZone
            testId={`photo-drop-${place}`}
            title={`Drop ${name.toLowerCase()}`}
            lines={[stateOf(photo)]}
            accept="image/*,.avif,.heic,.heif,.pgm,.ppm,.bmp,.tif,.tiff"
            onFiles={([given]) => given && take(given.file)}
            onUnreadable={() => setUnreadable(true)}
          />
          <Button
            variant="default"
            size="xs"
            leftSection={<IconCamera size={15} />}
            data-testid="camera"
            aria-label={`Camera, ${name.toLowerCase()}`}
            onClick={() => setCamera(true)}
          >
            Camera
          </Button>
          {problem && <Alert className={styles.problem} {...problem} />}
        </>
      )}
      {camera && <CameraDialog onClose={() => setCamera(false)} onPicture={take} />}
    </div>
  );
}

/** Eyes, nose and corners of the mouth: black rings in white ones, which show on any photo. */
function FivePointMarks({ points }: Pick<FaceView, 'points'>) {
  const width = 224;
  return (
    <svg
      viewBox={`0 0 ${width} ${width}`}
      role="img"
      aria-label="The five points found: eyes, nose, corners of the mouth"
    >
      {[0, 2, 4, 6, 8].map((at) => (
        <g key={at} data-testid="face-point">
          <circle cx={(points[at] ?? 0) * width} cy={(points[at + 1] ?? 0) * width} r={5.5} />
          <circle cx={(points[at] ?? 0) * width} cy={(points[at + 1] ?? 0) * width} r={5.5} />
        </g>
      ))}
    </svg>
  );
}

function stateOf({ name, finished }: AlignmentState): string {
  return name !== undefined && !finished ? 'Finding the face …' : 'A photo of any size, with a face in it';
}

function problemOf({ photos: [photo], failure }: AlignmentState, unreadable: boolean): AlertWords | undefined {
  if (unreadable) return { text: 'The browser could not read the photo.', hint: 'Drop the file itself.' };
  if (failure !== undefined) return { text: failure.message, hint: failure.hint };
  if (photo === undefined || photo.faces.length > 0) return undefined;
  const file = noticeText(photo.path, MOST_OF_NAME);
  return photo.problem === undefined
    ? { text: `No face was found in ${file}.`, hint: 'Use a photo that shows it from the front, larger.' }
    : { text: `${file} ${photo.problem}.` };
}
