import { Button, CloseButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import styles from '../kit/notices.module.css';
import { useNoticeList } from './notice-list.ts';

/** Failures and changes, as sentences with their remedies. */
export function Notices() {
  const notices = useNoticeList();
  if (notices.length === 0) return null;
  return (
    <div className={styles.notices}>
      {notices.map(({ id, title, text, detail, actions, onClose }) => (
        <div key={id} className={styles.notice} role="alert" data-testid="notice" data-notice={id}>
          <IconAlertTriangle className={styles.icon} size={20} stroke={1.6} aria-hidden="true" />
          <div className={styles.text}>
            <b>{title}</b>
            {text !== '' && <p>{text}</p>}
            {detail && <code>{detail}</code>}
          </div>
          <div className={styles.actions}>
            {actions.map(({ label, primary, act }) => (
              <Button key={label} size="xs" variant={primary ? 'filled' : 'default'} onClick={act}>
                {label}
              </Button>
            ))}
            {onClose && <CloseButton size="sm" aria-label="Close" onClick={onClose} />}
          </div>
        </div>
      ))}
    </div>
  );
}
