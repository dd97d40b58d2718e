import { Button } from '@mantine/core';
import { IconFile } from '@tabler/icons-react';
import { useEffect } from 'react';
import { formatNumber } from '../../config/quantity.ts';
import { noticeText } from '../../formats/outside-text.ts';
import styles from './reading-card.module.css';

/** Dropped files that are being read; `total` is 0 before their number is known. */
export interface Reading {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

interface ReadingCardProps {
  readonly reading: Reading;
  /** The work on the files, such as Judging. */
  readonly verb?: string;
  readonly testId: string;
  /** Undefined of work that nothing can end but its end. */
  readonly onCancel: (() => void) | undefined;
}

/** How far the reading of dropped files is, with a way out; it stays in view where the page is scrolled. */
export function ReadingCard({ reading, verb = 'Reading', testId, onCancel }: ReadingCardProps) {
  const { done, total } = reading;
  const name = noticeText(reading.name);
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      // The button that is gone had the focus; a person who has moved on keeps it where it is.
      if (document.activeElement === document.body && before instanceof HTMLElement)
        before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <div className={styles.reading} role="status" data-testid={testId}>
      <IconFile size={20} stroke={1.5} aria-hidden="true" />
      <div>
        <p>
          <b title={name}>
            {verb} {name}
          </b>
          {total > 1 && (
            <span>
              {formatNumber(done)} of {formatNumber(total)} files
            </span>
          )}
        </p>
        <progress aria-label={`${verb} ${name}`} {...(total > 1 ? { max: total, value: done } : {})} />
      </div>
      {onCancel !== undefined && (
        <Button variant="default" size="sm" onClick={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}
