import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, lazy, Suspense, useCallback, useState } from 'react';
import { Alert } from '../../kit/alert.tsx';
import { Picture } from '../../kit/picture.tsx';
import {
  chooseFace,
  FACE_KINDS,
  type FaceChoice,
  type FaceKind,
  faceLabel,
  facesOfKind,
  useRunFaces,
} from '../../state/run-faces.ts';
import { useRunState } from '../../state/store-context.tsx';
import { useFacePicture, useFaceSettings } from '../../state/use-run-face.ts';
import styles from './face-picker.module.css';

const FACES_AT_ONCE = 6;
const KIND_LABELS: Readonly<Record<FaceKind, string>> = {
  drawn: 'Drawn',
  'held-out': 'Held-out',
  own: 'My photos',
  camera: 'Camera',
};
const CameraFace = lazy(() => import('./camera-face.tsx'));

/** The faces that the first layer can respond to, and which of them it does. */
export default function FacePicker() {
  const settings = useFaceSettings();
  const faces = useRunState((state) => state.faces);
  const chosen = useRunFaces(({ choice }) => choice);
  const failure = useRunFaces((state) => state.failure);
  const [page, setPage] = useState(Math.floor(chosen.place / FACES_AT_ONCE));
  const ownRun = useRunState(({ run, config }) => (run?.config ?? config).faces === 'own');
  // People of the user's own set who are held out never leave the training worker.
  const kinds = FACE_KINDS.filter(
    (kind) => kind === 'camera' || (facesOfKind(kind, settings, faces) > 0 && !(kind === 'held-out' && ownRun)),
  );
  const [filming, setFilming] = useState(false);
  const closeCamera = useCallback(() => setFilming(false), []);
  const kind = kinds.includes(chosen.kind) && facesOfKind(chosen.kind, settings, faces) > 0 ? chosen.kind : 'drawn';
  const count = facesOfKind(kind, settings, faces);
  const pages = Math.ceil(count / FACES_AT_ONCE);
  const shown = Math.min(page, pages - 1);
  const places = Array.from({ length: FACES_AT_ONCE }, (_, at) => shown * FACES_AT_ONCE + at).filter(
    (at) => at < count,
  );
  const place = kind === chosen.kind && chosen.place < count ? chosen.place : 0;
  const choose = (next: FaceChoice) => {
    setPage(Math.floor(next.place / FACES_AT_ONCE));
    chooseFace(next);
  };
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const to = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: count - 1 }[event.key];
    if (to === undefined || to < 0 || to >= count) return;
    event.preventDefault();
    event.stopPropagation();
    choose({ kind, place: to });
    event.currentTarget.focus();
  };
  return (
    <div className={styles.picker} data-testid="face-picker">
      <div
        className={styles.faces}
        role="listbox"
        aria-label="Face that the filters respond to"
        aria-activedescendant={places.includes(place) ? `face-${kind}-${place}` : undefined}
        tabIndex={0}
        onKeyDown={move}
      >
        {places.map((at) => (
          <Face
            key={`${kind}-${at}`}
            choice={{ kind, place: at }}
            label={faceLabel({ kind, place: at }, settings)}
            chosen={at === place}
            onChoose={choose}
          />
        ))}
      </div>
      {pages > 1 && (
        <span className={styles.pages}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Faces before"
            disabled={shown === 0}
            onClick={() => setPage(shown - 1)}
          >
            <IconChevronLeft size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="More faces"
            disabled={shown === pages - 1}
            onClick={() => setPage(shown + 1)}
          >
            <IconChevronRight size={16} />
          </ActionIcon>
        </span>
      )}
      {failure !== undefined && <Alert as="span" text={`No face could be drawn: ${failure}`} />}
      <SegmentedControl<FaceKind>
        className={styles.kinds ?? ''}
        size="xs"
        withItemsBorders={false}
        aria-label="Kind of face"
        data={kinds.map((value) => ({ value, label: KIND_LABELS[value] }))}
        value={kind}
        onChange={(value) => {
          // Without a picture yet, the camera is asked for one.
          if (facesOfKind(value, settings, faces) === 0) setFilming(true);
          else choose({ kind: value, place: 0 });
        }}
      />
      {kind === 'camera' && (
        <Button variant="default" size="compact-xs" onClick={() => setFilming(true)}>
          Another picture
        </Button>
      )}
      {filming && (
        <Suspense>
          <CameraFace onClose={closeCamera} />
        </Suspense>
      )}
    </div>
  );
}

interface FaceProps {
  readonly choice: FaceChoice;
  readonly label: string;
  readonly chosen: boolean;
  readonly onChoose: (choice: FaceChoice) => void;
}

function Face({ choice, label, chosen, onChoose }: FaceProps) {
  const picture = useFacePicture(choice);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the list takes the focus.
    <div
      id={`face-${choice.kind}-${choice.place}`}
      role="option"
      aria-selected={chosen}
      aria-label={label}
      title={label}
      className={styles.face}
      onClick={() => onChoose(choice)}
    >
      <Picture picture={picture} size={picture?.size ?? 48} />
    </div>
  );
}
