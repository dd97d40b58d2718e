import { Button } from '@mantine/core';
import { IconAlertTriangle, IconFocusCentered } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { formatNumber } from '../../../config/quantity.ts';
import type { ImportSummary } from '../../../faces/import/imported-faces.ts';
import { noticeText } from '../../../formats/outside-text.ts';
import { UnreadableImages } from '../../kit/unreadable-images.tsx';
import { alignment } from '../../state/page-alignment.ts';
import { useRunState } from '../../state/store-context.tsx';
import styles from './faces-group.module.css';

/** The contents of the dropped files. Names of files are shown as text only. */
export function FaceSamples({ summary }: { readonly summary: ImportSummary }) {
  const { name, identities, images, unreadable, tree, notes, doubts, samples } = summary;
  const given = useRunState(({ faces }) => faces.given);
  const count = samples.images.length / (samples.size * samples.size * 3) || 0;
  return (
    <div className={styles.summary} data-testid="faces-summary">
      <b className={styles.fileName}>{noticeText(name)}</b>
      <span>
        {formatNumber(identities)} people, {formatNumber(images)} photos
      </span>
      <span data-testid="tree-summary">Folders: {noticeText(tree)}</span>
      <div className={styles.samples}>
        {Array.from({ length: count }, (_, place) => place).map((place) => (
          <Sample key={place} samples={samples} place={place} />
        ))}
      </div>
      {notes.map((note) => (
        <span key={note} className={doubts.includes(note) ? styles.doubt : undefined}>
          {doubts.includes(note) && <IconAlertTriangle size={14} aria-label="To check:" />} {noticeText(note)}
        </span>
      ))}
      {!summary.aligned && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconFocusCentered size={15} />}
          data-testid="align-photos"
          onClick={() => alignment.align(name, given)}
        >
          Find and align the faces
        </Button>
      )}
      <UnreadableImages images={unreadable} />
    </div>
  );
}

function Sample({ samples, place }: { readonly samples: ImportSummary['samples']; readonly place: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { size, images } = samples;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const pixels = new ImageData(size, size);
    const first = place * size * size * 3;
    for (let pixel = 0; pixel < size * size; pixel++) {
      for (let channel = 0; channel < 3; channel++) {
        pixels.data[pixel * 4 + channel] = images[first + pixel * 3 + channel] ?? 0;
      }
      pixels.data[pixel * 4 + 3] = 255;
    }
    context.putImageData(pixels, 0, 0);
  }, [size, images, place]);
  return <canvas ref={canvas} width={size} height={size} />;
}
