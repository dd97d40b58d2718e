import { Button, SegmentedControl } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { formatNumber, formatPercent } from '../../config/quantity.ts';
import { HELD_OUT } from '../../study/plan.ts';
import cards from '../kit/card.module.css';
import type { ShownCell } from './cell-readings.ts';
import styles from './cells-card.module.css';
import { ConditionTitle } from './condition-mark.tsx';

type Filter = 'all' | 'done' | 'queued';

const ORDER: Readonly<Record<ShownCell['state'], number>> = { running: 0, failed: 1, queued: 2, done: 3 };

/** Rows drawn at first, and with each press on "Show more": thousands take the browser seconds. */
const MOST_ROWS = 300;

interface CellsCardProps {
  readonly cells: readonly ShownCell[];
  /** The evaluation whose figure is shown. */
  readonly primary: string;
  /** The study is paused. */
  readonly resting: boolean;
  /** Opens a run in Train; undefined where none of them is here. */
  readonly onOpen: (cell: ShownCell) => void;
  readonly onRetry: (cells: readonly ShownCell[]) => void;
}

/**
 * Every run of the study with its state: the running first, then failed and queued ones, then the newest that is done.
 */
export function CellsCard({ cells, primary, resting, onOpen, onRetry }: CellsCardProps) {
  const [filter, setFilter] = useState<Filter>('all');
  const [most, setMost] = useState(MOST_ROWS);
  const count = (state: ShownCell['state']) => cells.filter((cell) => cell.state === state).length;
  const failed = cells.filter(({ state, own }) => state === 'failed' && own !== undefined);
  const axes = cells.some((cell) => cell.axes !== '');
  const shown = cells
    .filter(({ state }) => filter === 'all' || state === filter)
    .map((cell, at) => ({ cell, at }))
    .sort((a, b) => ORDER[a.cell.state] - ORDER[b.cell.state] || (a.cell.state === 'done' ? b.at - a.at : a.at - b.at))
    .map(({ cell }) => cell);
  const counts = (['done', 'failed', 'running', 'queued'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${formatNumber(count(state))} ${state}`);
  return (
    <section className={`${cards.card} ${styles.card}`} aria-label="Runs">
      <div className={cards.header}>
        <h2 className={cards.title}>Runs</h2>
        <span className={cards.subtitle}>{counts.join(', ')}</span>
        <span className={cards.spacer} />
        {failed.length > 1 && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRefresh size={14} />}
            onClick={() => onRetry(failed)}
          >
            Retry failed
          </Button>
        )}
        <SegmentedControl
          size="xs"
          aria-label="Runs shown"
          data={[
            { value: 'all', label: 'All' },
            { value: 'done', label: 'Done' },
            { value: 'queued', label: 'Queued' },
          ]}
          value={filter}
          onChange={(value) => setFilter(value === 'done' || value === 'queued' ? value : 'all')}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: content that scrolls has to be reached by key. */}
      <section className={styles.scroll} tabIndex={0} aria-label="Table of runs" data-axes={axes || undefined}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Seed</th>
              <th scope="col">Condition</th>
              {axes && <th scope="col">Setting</th>}
              <th scope="col" data-number>
                Inactive
              </th>
              <th scope="col" data-number>
                {primary === HELD_OUT ? 'Held-out' : primary}
              </th>
              <th scope="col" data-number data-wide>
                Time
              </th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, most).map((cell) => (
              <Row key={cell.key} cell={cell} axes={axes} resting={resting} onOpen={onOpen} onRetry={onRetry} />
            ))}
          </tbody>
        </table>
        {shown.length > most && (
          <Button
            size="compact-sm"
            variant="default"
            className={styles.more ?? ''}
            data-testid="study-more-rows"
            onClick={() => setMost(most + MOST_ROWS)}
          >
            Show more: {formatNumber(shown.length - most)} of {formatNumber(shown.length)} runs are left
          </Button>
        )}
      </section>
    </section>
  );
}

interface RowProps extends Pick<CellsCardProps, 'resting' | 'onOpen' | 'onRetry'> {
  readonly cell: ShownCell;
  readonly axes: boolean;
}

function Row({ cell, axes, resting, onOpen, onRetry }: RowProps) {
  const { state, seed, condition, inactive, accuracy, seconds, own } = cell;
  const opens = own !== undefined && state === 'done';
  return (
    <tr data-testid="study-row" data-state={state} data-opens={opens || undefined}>
      <td>
        {opens ? (
          <button
            type="button"
            className={styles.open}
            aria-label={`Open seed ${seed}, ${condition} in Train`}
            onClick={() => onOpen(cell)}
          >
            {seed}
          </button>
        ) : (
          seed
        )}
      </td>
      <td>
        <ConditionTitle name={condition} />
      </td>
      {axes && <td>{cell.axes.replaceAll(';', ', ')}</td>}
      <td data-number>
        {inactive === undefined ? '–' : `${formatPercent(inactive)}${state === 'running' ? ' now' : ''}`}
      </td>
      <td data-number>{accuracy === undefined ? '–' : formatPercent(accuracy, 1)}</td>
      <td data-number data-wide>
        {seconds === undefined ? '–' : clockText(seconds)}
      </td>
      <td>
        <State cell={cell} resting={resting} onRetry={onRetry} />
      </td>
    </tr>
  );
}

function State({ cell, resting, onRetry }: Pick<RowProps, 'cell' | 'resting' | 'onRetry'>) {
  const { state, reason, share, step, own } = cell;
  switch (state) {
    case 'running':
      return (
        <span className={styles.state}>
          <span className={styles.bar} aria-hidden="true">
            <i style={{ width: `${100 * share}%` }} />
          </span>
          <b>{share >= 1 ? 'testing' : resting ? 'paused' : 'running'}</b>
        </span>
      );
    case 'done':
      return (
        <span className={styles.state}>
          <IconCheck size={14} aria-hidden="true" className={styles.tick} /> done
        </span>
      );
    case 'failed':
      return (
        <span className={styles.state} data-failed>
          <IconAlertTriangle size={14} aria-hidden="true" />
          <b>failed</b>
          <span className={styles.reason}>
            {step > 0 && `step ${formatNumber(step)}: `}
            {reason}
          </span>
          {own !== undefined && (
            <Button size="compact-xs" variant="default" className={styles.retry ?? ''} onClick={() => onRetry([cell])}>
              Retry
            </Button>
          )}
        </span>
      );
    case 'queued':
      return <span className={styles.queued}>queued</span>;
  }
}

/** "1:21", "2:03:10". */
function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
