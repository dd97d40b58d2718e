import { Button, Popover, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconShare2, IconShieldCheck } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { configToHash } from '../../config/url.ts';
import { useRunState } from '../state/store-context.tsx';
import { useStudyDraft, withStudyDraft } from '../state/study-draft.ts';
import { look, useView } from '../state/view-store.ts';
import styles from './share-button.module.css';
import { linkTo } from './use-link.ts';

/** Shows and copies the link that trains the same run again. */
export function ShareButton() {
  const open = useView(({ shareOpen }) => shareOpen);
  const onStudy = useView(({ screen }) => screen === 'study');
  const draft = useStudyDraft();
  const search = onStudy ? withStudyDraft(draft, '?screen=study') : '';
  const link = linkTo(
    useRunState(({ config }) => configToHash(config)),
    search,
  );
  const { copy, copied, error } = useClipboard();
  const target = useRef<HTMLButtonElement>(null);
  // A key may ask for the panel while its place is scrolled out of sight, where Mantine hides it.
  useEffect(() => {
    if (open) target.current?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  return (
    <Popover
      opened={open}
      onChange={(opened) => look({ shareOpen: opened })}
      width={360}
      position="bottom-end"
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <Button
          ref={target}
          variant="default"
          size="compact-md"
          className={styles.button ?? ''}
          leftSection={<IconShare2 size={16} stroke={1.8} />}
          onClick={() => look({ shareOpen: !open })}
        >
          Share
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.panel ?? ''}>
        <h2>Share {onStudy ? 'this plan' : 'these settings'}</h2>
        <p>
          {onStudy
            ? 'The link holds the plan in the rail and all settings. Anyone who opens it can run the same study.'
            : 'The link holds settings and seed. Anyone who opens it trains the same run again.'}
        </p>
        <div className={styles.row}>
          <TextInput
            aria-label="Link"
            readOnly
            value={link}
            size="xs"
            onFocus={(event) => event.currentTarget.select()}
            data-autofocus
          />
          <Button
            size="xs"
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            onClick={() => copy(link)}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        </div>
        {error !== null && <p role="alert">The browser did not allow copying. Select the link and copy it yourself.</p>}
        <p className={styles.privacy}>
          <IconShieldCheck size={15} aria-hidden="true" />
          Your own photos are never part of a link.
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}
