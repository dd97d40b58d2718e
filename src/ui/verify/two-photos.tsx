import { Button } from '@mantine/core';
import { IconCamera, IconShieldCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { formatFixed } from '../../config/quantity.ts';
import { ArmMark } from '../kit/arm-mark.tsx';
import cards from '../kit/card.module.css';
import { DropZone } from '../kit/drop-zone.tsx';
import { FacePicture } from '../kit/face-picture.tsx';
import type { AlignmentState, AlignmentStore } from '../state/alignment-store.ts';
import { CameraDialog } from './camera-dialog.tsx';
import { useVerify, verification } from './page-verify.ts';
import { pairHeadline, placeInWords } from './pair-words.ts';
import { ScoreChart } from './score-chart.tsx';
import styles from './two-photos.module.css';
import { photoSlots } from './two-photos-slots.ts';
import { useTable } from './use-table.ts';

const SIDE = 112;

/** Two photos of the user's: how similar the networks of the table find them, and where that lies among its pairs. */
export function TwoPhotos() {
  const [first, second] = photoSlots();
  const left = useStore(first.state);
  const right = useStore(second.state);
  const columns = useVerify((state) => state.columns);
  const similarities = useVerify((state) => state.similarities);
  const { shown } = useTable();
  const leftFace = faceOf(left)?.pixels;
  const rightFace = faceOf(right)?.pixels;
  useEffect(() => {
    const both = leftFace && rightFace && columns.length > 0;
    verification.comparePhotos(both ? [leftFace, rightFace] : undefined);
  }, [leftFace, rightFace, columns]);
  const result = shown?.result;
  return (
    <section className={`${cards.card} ${styles.card}`} aria-label="Two photos of mine" data-testid="two-photos">
      <h2 className={cards.title}>
        {similarities !== undefined && result !== undefined ? pairHeadline(similarities, result) : 'Two photos of mine'}
      </h2>
      <div className={styles.row}>
        <PhotoSlot name="Photo 1" store={first} photo={left} />
        <PhotoSlot name="Photo 2" store={second} photo={right} />
        <div className={styles.answer} aria-live="polite">
          <h3>Similarity</h3>
          {columns.length === 0 ? (
            <p className={styles.line}>
              Train a run or drop a model, then press Run: the networks of the table compare the photos, and their pairs
              show where the similarity lies.
            </p>
          ) : (
            <ul>
              {columns.map(({ id, name, mark }, place) => (
                <li key={id}>
                  <ArmMark arm={mark} /> {name}
                  <b data-testid={`similarity-${mark}`}>
                    {similarities === undefined ? '–' : formatFixed(similarities[place] ?? 0, 2)}
                  </b>
                </li>
              ))}
            </ul>
          )}
          {similarities !== undefined && result !== undefined && shown !== undefined && (
            <p className={styles.line} data-testid="photo-place">
              {placeInWords(similarities, columns, result, shown.label)}
            </p>
          )}
        </div>
      </div>
      {similarities !== undefined && result !== undefined && shown !== undefined && (
        <ScoreChart result={result} columns={columns} label={shown.label} marked={similarities} />
      )}
      <p className={styles.privacy}>
        <IconShieldCheck size={16} stroke={1.6} aria-hidden="true" />
        Your photos stay on this computer: read in this tab, never uploaded, forgotten when you close it. The camera is
        asked for only when you press it.
      </p>
    </section>
  );
}

interface PhotoSlotProps {
  readonly name: string;
  readonly store: AlignmentStore;
  readonly photo: AlignmentState;
}

/** One of the photos: dropped, picked or taken; with several faces in it, the one that is meant. */
function PhotoSlot({ name, store, photo }: PhotoSlotProps) {
  const [camera, setCamera] = useState(false);
  const [unreadable, setUnreadable] = useState(false);
  const read = photo.photos[0];
  const face = faceOf(photo);
  const take = (file: File) => {
    setCamera(false);
    setUnreadable(false);
    store.align(file.name, [{ path: file.name, file }]);
  };
  return (
    <div className={styles.slot}>
      {face && read ? (
        <>
          <FacePicture pictures={{ size: SIDE, images: face.pixels }} number={0} />
          <p className={styles.line}>
            <b>{name}</b> {read.path}, turned {Math.round(face.turned)}°
          </p>
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
            testId={`photo-drop-${name.at(-1)}`}
            title={`Drop ${name.toLowerCase()}`}
            lines={[stateOf(photo)]}
            accept="image/*,.pgm,.ppm,.bmp,.tif,.tiff"
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
          {problemOf(photo, unreadable) && (
            <p className={styles.problem} role="alert">
              {problemOf(photo, unreadable)}
            </p>
          )}
        </>
      )}
      {camera && <CameraDialog onClose={() => setCamera(false)} onPicture={take} />}
    </div>
  );
}

function faceOf({ photos, chosen }: AlignmentState) {
  const [photo] = photos;
  return photo?.faces[chosen[photo.path] ?? 0];
}

function stateOf({ name, finished }: AlignmentState): string {
  return name !== undefined && !finished ? 'Finding the face …' : 'A photo of any size, with a face in it';
}

function problemOf({ photos: [photo], failure }: AlignmentState, unreadable: boolean): string | undefined {
  if (unreadable) return 'The browser could not read the photo. Drop the file itself.';
  if (failure !== undefined) return `${failure.message} ${failure.hint}`;
  if (photo === undefined || photo.faces.length > 0) return undefined;
  return photo.problem === undefined
    ? `No face was found in ${photo.path}. Use a photo that shows it from the front, larger.`
    : `${photo.path} ${photo.problem}.`;
}
