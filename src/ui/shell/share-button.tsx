import { Button, Checkbox, Popover, TextInput, useComputedColorScheme } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconShare2, IconShieldCheck } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { formatNumber } from '../../config/quantity.ts';
import { configToHash } from '../../config/url.ts';
import { notInSettings } from '../../record/weights-origin.ts';
import { Alert } from '../kit/alert.tsx';
import { useRunState } from '../state/store-context.tsx';
import { look, useView } from '../state/view-store.ts';
import styles from './share-button.module.css';
import { linkTo } from './use-link.ts';

/** Shows and copies the link that trains the same run again. */
export function ShareButton() {
  const open = useView(({ shareOpen }) => shareOpen);
  const onStudy = useView(({ screen }) => screen === 'study');
  const study = useView(({ screen, studyLink }) => (screen === 'study' ? studyLink : undefined));
  const [withTheme, setWithTheme] = useState(false);
  const [withStep, setWithStep] = useState(false);
  const theme = useComputedColorScheme('light');
  const pinned = useView(({ pinnedStep }) => pinnedStep);
  const settings = useRunState(({ config }) => configToHash(config));
  const trained = useRunState(({ run }) => run && configToHash(run.config));
  const own = useRunState(({ config }) => config.faces === 'own');
  const weights = useRunState(({ run }) => run?.weights);
  // A step of a run with other settings is none of the run that the link trains.
  const step = trained === settings && !onStudy ? pinned : undefined;
  const hash = useRunState(({ config }) =>
    configToHash(study?.config ?? config, {
      ...(withTheme ? { theme } : {}),
      ...(withStep && step !== undefined ? { step } : {}),
    }),
  );
  const link = linkTo(hash, study?.search);
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
          {onStudy &&
            'The link holds the plan in the rail and all settings. Anyone who opens it can run the same study.'}
          {!onStudy &&
            !own &&
            (weights === undefined
              ? 'The link holds settings and seed. Anyone who opens it trains the same run again.'
              : 'The link holds settings and seed.')}
          {!onStudy && weights !== undefined && ` ${notInSettings(weights)}`}
          {own &&
            ' The same settings; your photos stay here. The link trains on drawn faces until photos are dropped there.'}
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
        <div className={styles.options}>
          <Checkbox
            size="xs"
            label={`With the ${theme} theme`}
            checked={withTheme}
            onChange={(event) => setWithTheme(event.currentTarget.checked)}
          />
          <Checkbox
            size="xs"
            label={
              step === undefined ? 'With a pinned step (none is pinned now)' : `Pinned to step ${formatNumber(step)}`
            }
            disabled={step === undefined}
            checked={withStep && step !== undefined}
            onChange={(event) => setWithStep(event.currentTarget.checked)}
          />
        </div>
        {error !== null && <Alert text="The browser did not allow copying. Select the link and copy it yourself." />}
        <p className={styles.privacy}>
          <IconShieldCheck size={15} aria-hidden="true" />
          Your own photos are never part of a link.
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}
