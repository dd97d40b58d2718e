import { Button, CloseButton } from '@mantine/core';
import { IconAlertTriangle, IconFile } from '@tabler/icons-react';
import { formatNumber } from '../../config/quantity.ts';
import notices from '../kit/notices.module.css';
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
        <div className={notices.notice} role="alert" data-testid="verify-failure">
          <IconAlertTriangle className={notices.icon} size={20} stroke={1.6} aria-hidden="true" />
          <div className={notices.text}>
            <b>{failure.message}</b>
            <p>{failure.hint}</p>
          </div>
          <CloseButton size="sm" aria-label="Close" onClick={() => verification.dismissFailure()} />
        </div>
      )}
    </>
  );
}
