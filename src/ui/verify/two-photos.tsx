import { Button } from '@mantine/core';
import { IconArrowsExchange, IconShieldCheck } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { formatFixed } from '../../config/quantity.ts';
import { ArmMark } from '../kit/arm-mark.tsx';
import cards from '../kit/card.module.css';
import { useVerify, verification } from './page-verify.ts';
import { pairHeadline, placeInWords, sameByThreshold } from './pair-words.ts';
import { PhotoResponses } from './photo-responses.tsx';
import { PhotoSlot } from './photo-slot.tsx';
import { RowSelect } from './row-select.tsx';
import { ScoreChart } from './score-chart.tsx';
import styles from './two-photos.module.css';
import { faceOf, photoOrder, photoSlots, swapPhotos } from './two-photos-slots.ts';
import { useTable } from './use-table.ts';

/**
 * Two photos of the user's: how similar the networks of the table find them, where that lies among its pairs, and the
 * response of each first-layer filter to them.
 */
export function TwoPhotos() {
  const slots = photoSlots();
  const order = useStore(photoOrder, (state) => state.order);
  const leftFace = useStore(slots[0].state, (state) => faceOf(state)?.pixels);
  const rightFace = useStore(slots[1].state, (state) => faceOf(state)?.pixels);
  const columns = useVerify((state) => state.columns);
  const compared = useVerify((state) => state.compared);
  const { shown } = useTable();
  useEffect(() => {
    const both = leftFace && rightFace && columns.length > 0;
    verification.comparePhotos(both ? [leftFace, rightFace] : undefined);
  }, [leftFace, rightFace, columns]);
  const result = shown?.result;
  const similarities = compared?.similarities;
  const same = similarities && result && sameByThreshold(similarities, result);
  return (
    <section className={`${cards.card} ${styles.card}`} aria-label="Two photos of mine" data-testid="two-photos">
      <h2 className={cards.title}>{same ? pairHeadline(same) : 'Two photos of mine'}</h2>
      <div className={styles.row}>
        <PhotoSlot key={order[0]} place={1} store={slots[order[0]]} />
        <PhotoSlot key={order[1]} place={2} store={slots[order[1]]} />
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
                  {same && <span className={styles.side}>{same[place] ? 'same' : 'different'}</span>}
                </li>
              ))}
            </ul>
          )}
          {similarities && result && shown && (
            <p className={styles.line} data-testid="photo-place">
              {placeInWords(similarities, columns, result, shown.label)}
            </p>
          )}
          <Button
            variant="default"
            size="xs"
            leftSection={<IconArrowsExchange size={15} />}
            disabled={leftFace === undefined && rightFace === undefined}
            data-testid="swap-photos"
            onClick={swapPhotos}
          >
            Swap
          </Button>
        </div>
      </div>
      {similarities && result && shown && (
        <section className={styles.place} aria-label="Where it lies">
          <div className={styles.placeHeader}>
            <h3>Where it lies</h3>
            <span className={styles.line}>between pairs of one person and of two, of</span>
            <RowSelect label="Benchmark of the place" />
          </div>
          <ScoreChart result={result} columns={columns} label={shown.label} marked={similarities} />
        </section>
      )}
      {compared && <PhotoResponses columns={columns} responses={compared.responses} order={order} />}
      <p className={styles.privacy}>
        <IconShieldCheck size={16} stroke={1.6} aria-hidden="true" />
        Your photos stay on this computer: read in this tab, never uploaded, forgotten when you close it. The camera is
        asked for only when you press it.
      </p>
    </section>
  );
}
