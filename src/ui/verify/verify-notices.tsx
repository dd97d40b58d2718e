import { Button } from '@mantine/core';
import { IconFile } from '@tabler/icons-react';
import { formatNumber } from '../../config/quantity.ts';
import { Notice } from '../kit/notice.tsx';
import { useVerify, verification } from './page-verify.ts';
import styles from './verify-notices.module.css';

/** Files that are being read, and failures. */
export function VerifyNotices() {
  const reading = useVerify((state) => state.reading);
  const failure = useVerify((state) => state.failure);
  return (
    <>
      {reading !== undefined && (
        <div className={styles.reading} role="status" data-testid="verify-reading">
          <IconFile size={20} stroke={1.5} aria-hidden="true" />
          <div>
            <p>
              <b>Reading {reading.name}</b>
              {reading.total > 0 && (
                <span>
                  {formatNumber(reading.done)} of {formatNumber(reading.total)}
                </span>
              )}
            </p>
            <progress
              aria-label={`Reading ${reading.name}`}
              {...(reading.total > 0 ? { max: reading.total, value: reading.done } : {})}
            />
          </div>
          <Button variant="default" size="sm" onClick={() => verification.cancelReading()}>
            Cancel
          </Button>
        </div>
      )}
      {failure !== undefined && (
        <Notice
          testId="verify-failure"
          notice={{
            id: 'verify',
            title: failure.message,
            text: failure.hint,
            actions: [],
            onClose: () => verification.dismissFailure(),
          }}
        />
      )}
    </>
  );
}
