import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { formatNumber } from '../../config/quantity.ts';
import { offInWords } from '../../record/craft-switches.ts';
import { notInSettings, originInWords } from '../../record/weights-origin.ts';
import type { ListedRun } from '../../worker/runs/kept-run.ts';
import { Alert } from '../kit/alert.tsx';
import { bytesInWords, differenceFromNow, runTitle, sizeInWords, whenInWords } from '../kit/run-words.ts';
import { openKeptRun, troubleOf } from '../state/open-run.ts';
import type { RunsTrouble } from '../state/past-runs.ts';
import { useActions, usePastRuns, useRunState, useRunStore } from '../state/store-context.tsx';
import { ArmShares } from './arm-shares.tsx';
import styles from './runs-dialog.module.css';

const LONGEST_NAME = 120;

interface RunRowProps {
  readonly run: ListedRun;
  /** Another run, still to be chosen, or one that is chosen; undefined for the chosen one itself. */
  readonly compareWith: 'another' | 'chosen' | undefined;
  readonly onCompare: () => void;
  readonly onCompareNow: (() => void) | undefined;
  readonly onTrouble: (trouble: RunsTrouble | undefined) => void;
}

/** A run of the list, with its actions. */
export function RunRow({ run, compareWith, onCompare, onCompareNow, onTrouble }: RunRowProps) {
  const store = useRunStore();
  const pastRuns = usePastRuns();
  const actions = useActions();
  const now = useRunState(({ config, run: shown }) => shown?.config ?? config);
  const [mode, setMode] = useState<'shown' | 'renaming' | 'deleting'>('shown');
  const title = runTitle(run);

  const change = async (work: () => Promise<void>) => {
    onTrouble(undefined);
    try {
      await work();
    } catch (error) {
      onTrouble(troubleOf(error));
    }
    setMode('shown');
  };
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    void change(() => pastRuns.rename(run.runId, name));
  };
  const open = async () => {
    if (await openKeptRun(store, pastRuns, run.runId)) pastRuns.set({ open: false });
  };
  const useSettings = () => {
    const notices = run.weights === undefined ? [] : [{ key: 'weights', message: notInSettings(run.weights) }];
    actions.openConfig({ ...run.config, faces: run.config.faces === 'own' ? now.faces : run.config.faces }, notices);
    pastRuns.set({ open: false });
  };

  const off = offInWords(run.switches ?? [], run.step, formatNumber);

  return (
    <li className={styles.row} data-testid="kept-run">
      <div className={styles.head}>
        {mode === 'renaming' ? (
          <form className={styles.rename} onSubmit={rename}>
            <TextInput
              size="xs"
              name="name"
              aria-label="Name of the run"
              placeholder={whenInWords(run.startedAt)}
              defaultValue={run.name ?? ''}
              maxLength={LONGEST_NAME}
              data-autofocus
              autoFocus
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return;
                event.stopPropagation();
                setMode('shown');
              }}
            />
            <Button type="submit" size="xs">
              Save
            </Button>
          </form>
        ) : (
          <b className={styles.title}>{title}</b>
        )}
        <span className={styles.size}>
          {sizeInWords(run)} · {bytesInWords(run.bytes)}
        </span>
        <ArmShares figures={run.figures} />
      </div>
      <p className={styles.difference}>
        {differenceFromNow(run.config, now)}
        {off !== '' && <span data-testid="kept-run-off"> CRAFT {off}.</span>}
        {run.weights !== undefined && ` First weights: ${originInWords(run.weights)}.`}
      </p>
      {mode === 'deleting' ? (
        <Alert as="div" className={styles.actions}>
          <span>Delete this run for good?</span>
          <Button size="compact-sm" variant="default" autoFocus onClick={() => setMode('shown')}>
            Keep it
          </Button>
          <Button size="compact-sm" onClick={() => void change(() => pastRuns.remove(run.runId))}>
            Delete
          </Button>
        </Alert>
      ) : (
        <div className={styles.actions}>
          {run.busy ? (
            <span>Open in another tab</span>
          ) : (
            <Button size="compact-xs" variant="default" onClick={() => void open()}>
              Open
            </Button>
          )}
          <Button size="compact-xs" variant="default" onClick={useSettings}>
            Use these settings
          </Button>
          {onCompareNow !== undefined && compareWith === 'another' && (
            <Button size="compact-xs" variant="default" onClick={onCompareNow}>
              Compare with now
            </Button>
          )}
          {compareWith !== undefined && (
            <Button size="compact-xs" variant={compareWith === 'chosen' ? 'filled' : 'default'} onClick={onCompare}>
              {compareWith === 'chosen' ? 'Compare' : 'Compare with …'}
            </Button>
          )}
          <span className={styles.spacer} />
          <Tooltip label="Rename">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Rename ${title}`}
              onClick={() => setMode('renaming')}
            >
              <IconPencil size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          {!run.busy && (
            <Tooltip label="Delete">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete ${title}`}
                onClick={() => setMode('deleting')}
              >
                <IconTrash size={16} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          )}
        </div>
      )}
    </li>
  );
}
