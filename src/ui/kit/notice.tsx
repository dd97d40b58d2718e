import { Button, CloseButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { noticeText } from '../../formats/outside-text.ts';
import styles from './notice.module.css';
import { InNoticeStack } from './notice-stack.tsx';

/** An action on a notice. */
export interface NoticeAction {
  readonly label: string;
  readonly primary?: boolean;
  readonly busy?: boolean;
  readonly testId?: string;
  readonly act: () => void;
}

/** A sentence for a person, with the actions. */
export interface NoticeText {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** The browser's own words, for the report of a fault. */
  readonly detail?: string;
  readonly actions: readonly NoticeAction[];
  readonly onClose?: () => void;
  /** The name of the cross; "Close" by default. */
  readonly closeLabel?: string;
}

interface NoticeProps {
  readonly notice: NoticeText;
  /** A mark in place of the warning's: then it is news rather than trouble, and is not spoken as an alarm. */
  readonly icon?: ReactNode;
  readonly testId?: string;
}

/** A notice in the page's one stack, wherever in the page it is declared. */
export function Notice({ notice, icon, testId = 'notice' }: NoticeProps) {
  const { id, title, text, detail, actions, onClose, closeLabel = 'Close' } = notice;
  return (
    <InNoticeStack>
      <div
        className={styles.notice}
        role={icon === undefined ? 'alert' : 'status'}
        data-testid={testId}
        data-notice={id}
        data-tone={icon === undefined ? 'warning' : undefined}
        data-closes={onClose !== undefined || undefined}
      >
        <span className={styles.icon}>{icon ?? <IconAlertTriangle size={20} stroke={1.6} aria-hidden="true" />}</span>
        <div className={styles.text}>
          <b>{noticeText(title)}</b>
          {text !== '' && <p>{noticeText(text)}</p>}
          {detail && <code>{noticeText(detail)}</code>}
        </div>
        {actions.length > 0 && (
          <div className={styles.actions}>
            {actions.map(({ label, primary, busy, testId: actionId, act }) => (
              <Button
                key={label}
                size="xs"
                variant={primary ? 'filled' : 'default'}
                loading={busy === true}
                data-testid={actionId}
                onClick={act}
              >
                {label}
              </Button>
            ))}
          </div>
        )}
        {onClose && <CloseButton className={styles.close ?? ''} size="sm" aria-label={closeLabel} onClick={onClose} />}
      </div>
    </InNoticeStack>
  );
}
