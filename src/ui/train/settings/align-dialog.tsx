import { Button, Group, Modal, Progress } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { formatNumber } from '../../../config/quantity.ts';
import { noticeText } from '../../../formats/outside-text.ts';
import type { ReadPhoto } from '../../../worker/alignment/protocol.ts';
import { Alert } from '../../kit/alert.tsx';
import { FacePicture } from '../../kit/face-picture.tsx';
import { alignment, useAlignment } from '../../state/page-alignment.ts';
import { useActions } from '../../state/store-context.tsx';
import styles from './align-dialog.module.css';
import { missingText, restText, summaryOf, whyMissing } from './align-words.ts';

/** Pictures on show; those that need a look come first. */
const MOST_SHOWN = 60;
const SIDE = 112;

/** The photos as they are aligned: found, several faces, none; and the way to use them. */
export default function AlignDialog() {
  const { importFaces } = useActions();
  const name = useAlignment((state) => state.name);
  const photos = useAlignment((state) => state.photos);
  const total = useAlignment((state) => state.total);
  const finished = useAlignment((state) => state.finished);
  const failure = useAlignment((state) => state.failure);
  const chosen = useAlignment((state) => state.chosen);
  const [looked, setLooked] = useState<string>();
  const close = () => alignment.close();
  const found = photos.filter(({ faces }) => faces.length > 0);
  const missing = photos.filter(({ faces }) => faces.length === 0);
  const several = found.filter(({ faces }) => faces.length > 1);
  const shown = [...missing, ...several, ...found.filter(({ faces }) => faces.length === 1)].slice(0, MOST_SHOWN);
  const open = photos.find(({ path }) => path === looked);
  const use = () => {
    const files = alignment.files();
    close();
    if (name !== undefined) importFaces(`${name}, aligned`, files);
  };
  return (
    <Modal
      opened={name !== undefined}
      onClose={close}
      size={520}
      centered
      title={`${formatNumber(photos.length)} of ${formatNumber(total)} photos read`}
      data-testid="align-dialog"
    >
      <p className={styles.line}>{summaryOf(found.length, missing.length, several.length)}</p>
      <Progress
        value={total === 0 ? 0 : (100 * photos.length) / total}
        color="var(--ink)"
        size="sm"
        aria-label="Photos read"
      />
      {failure && <Alert className={styles.warning} text={failure.message} hint={failure.hint} />}
      <ul className={styles.photos} aria-label="Photos">
        {shown.map((photo) => (
          <li key={photo.path}>
            <button type="button" aria-pressed={photo.path === looked} onClick={() => setLooked(photo.path)}>
              <Thumbnail photo={photo} face={chosen[photo.path] ?? 0} />
              <span className={styles.name}>{noticeText(baseName(photo.path))}</span>
              <Mark photo={photo} />
            </button>
          </li>
        ))}
      </ul>
      {shown.length < photos.length && (
        <p className={styles.line}>
          {restText(photos.length - shown.length, missing.length + several.length <= MOST_SHOWN)}
        </p>
      )}
      {missing.length > 0 && (
        <p className={styles.warning} data-testid="align-missing">
          <IconAlertTriangle size={16} aria-hidden="true" /> {missingText(missing)}
        </p>
      )}
      {open && open.faces.length > 0 && <Faces photo={open} face={chosen[open.path] ?? 0} />}
      <Group justify="space-between" gap={8} mt={16}>
        <span className={styles.line}>Detector: 2 MB, part of this page. Nothing is sent.</span>
        <Group gap={8}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button disabled={!finished || found.length === 0} data-testid="align-use" onClick={use}>
            Use {formatNumber(found.length)} {found.length === 1 ? 'photo' : 'photos'}
          </Button>
        </Group>
      </Group>
    </Modal>
  );
}

/** The faces of one photo, aligned; where there are several, one is chosen. */
function Faces({ photo, face }: { readonly photo: ReadPhoto; readonly face: number }) {
  const shown = photo.faces[face];
  return (
    <section aria-label={`Faces of ${noticeText(photo.path)}`} data-testid="align-faces">
      <p className={styles.line}>
        <b>{noticeText(photo.path)}</b>:{' '}
        {photo.faces.length === 1 ? '1 face' : `${photo.faces.length} faces. Which one?`}
      </p>
      <ul className={styles.photos}>
        {photo.faces.map(({ pixels, points }, at) => (
          <li key={points.join()}>
            <button type="button" aria-pressed={at === face} onClick={() => alignment.choose(photo.path, at)}>
              <FacePicture pictures={{ size: SIDE, images: pixels }} number={0} />
              <span className={styles.name}>{at === 0 ? 'largest' : `face ${at + 1}`}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown && (
        <p className={styles.line}>
          Aligned to the 112 × 112 template by five points: turned {Math.round(shown.turned)}°, scaled{' '}
          {shown.scaled.toFixed(2)}.
        </p>
      )}
    </section>
  );
}

function Thumbnail({ photo, face }: { readonly photo: ReadPhoto; readonly face: number }) {
  const pixels = photo.faces[face]?.pixels;
  return <FacePicture pictures={pixels === undefined ? photo.view : { size: SIDE, images: pixels }} number={0} />;
}

function Mark({ photo }: { readonly photo: ReadPhoto }) {
  const faces = photo.faces.length;
  if (faces === 1) return <IconCheck size={14} className={styles.found} aria-label="found" />;
  if (faces === 0) return <IconAlertTriangle size={14} className={styles.none} aria-label={whyMissing(photo)} />;
  return (
    <b className={styles.several}>
      {faces}
      <span className="visually-hidden"> faces</span>
    </b>
  );
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
