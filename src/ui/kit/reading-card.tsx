import { Button } from '@mantine/core';
import { IconFile } from '@tabler/icons-react';
import { formatNumber } from '../../config/quantity.ts';
import styles from './reading-card.module.css';

/** Dropped files that are being read; `total` is 0 before their number is known. */
export interface Reading {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

interface ReadingCardProps {
  readonly reading: Reading;
  readonly testId: string;
  readonly onCancel: () => void;
}

/** How far the reading of dropped files is, with a way out. */
export function ReadingCard({ reading: { name, done, total }, testId, onCancel }: ReadingCardProps) {
  return (
    <div className={styles.reading} role="status" data-testid={testId}>
      <IconFile size={20} stroke={1.5} aria-hidden="true" />
      <div>
        <p>
          <b>Reading {name}</b>
          {total > 1 && (
            <span>
              {formatNumber(done)} of {formatNumber(total)}
            </span>
          )}
        </p>
        <progress aria-label={`Reading ${name}`} {...(total > 1 ? { max: total, value: done } : {})} />
      </div>
      <Button variant="default" size="sm" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
