import { ActionIcon } from '@mantine/core';
import { IconFile, IconX } from '@tabler/icons-react';
import { formatNumber } from '../../config/quantity.ts';
import { signedPoints } from '../../verification/points.ts';
import { Alert } from '../kit/alert.tsx';
import { dropName } from '../kit/dropped-files.ts';
import { IntervalMark } from '../kit/interval-mark.tsx';
import { useFileDrop } from '../kit/use-file-drop.ts';
import styles from './benchmark-table.module.css';
import type { Column } from './columns.ts';
import { useVerify, verification } from './page-verify.ts';
import { chanceText, differenceText, type TableRow } from './table-rows.ts';
import type { Job } from './verify-state.ts';

interface BenchmarkRowProps {
  readonly row: TableRow;
  readonly columns: readonly Column[];
  readonly reach: number;
  /** Whether charts and pairs are of this row. */
  readonly shown: boolean;
}

/**
 * A benchmark: where its pairs come from, each network's figure, the difference. A file may be dropped on it. On a phone
 * its description is a row below, over the whole width.
 */
export function BenchmarkRow({ row, columns, reach, shown }: BenchmarkRowProps) {
  const { id, label, line, source, fromFile, added, difference, result } = row;
  const failure = useVerify(({ failures }) => failures[id]);
  const job = useVerify((state) => state.job);
  const { over, target } = useFileDrop(
    (files) => verification.takeFiles(dropName(files), files, 'pairs', id),
    (error) => verification.refuseFiles(error),
  );
  const state = stateOf(job, row);
  const figures = columns.length + (columns.length === 2 ? 2 : 0);
  const reordered = result?.pairsAsGiven === false && 'Pairs reordered so that every fold has both kinds.';
  const marks = { 'data-shown': shown || undefined, 'data-over': over || undefined, ...target };
  return (
    <>
      <tr
        data-testid={`verify-row-${id}`}
        data-state={result === undefined ? (failure === undefined ? state.name : 'failed') : 'done'}
        {...marks}
      >
        <th scope="row">
          <button
            type="button"
            className={added ? undefined : styles.official}
            aria-pressed={shown}
            disabled={result === undefined}
            onClick={() => verification.choose({ chosen: id })}
          >
            {label}
          </button>
          <span className={styles.line}>{line}</span>
        </th>
        <td className={styles.source} data-testid={`verify-source-${id}`} data-source={fromFile ? 'file' : 'synthetic'}>
          <span className={styles.from}>
            {fromFile && <IconFile size={16} stroke={1.5} aria-hidden="true" />}
            <span>{source}</span>
            {added && <TakeAwayRow row={row} />}
          </span>
          {reordered && <span className={styles.line}>{reordered}</span>}
        </td>
        {result === undefined ? (
          <td colSpan={Math.max(1, figures)} className={styles.pending}>
            {failure === undefined ? (
              <Pending {...state} label={label} />
            ) : (
              <Alert as="span" text={failure.message} hint={failure.hint} strong />
            )}
          </td>
        ) : (
          <>
            {row.values.map(({ mean, deviation }, place) => (
              <td key={columns[place]?.id ?? place} className={styles.number}>
                <b>{mean}</b>
                {deviation !== undefined && <span className={styles.deviation}> ± {deviation}</span>}
              </td>
            ))}
            {difference !== undefined && (
              <>
                <td className={styles.interval}>
                  <IntervalMark difference={difference} reach={reach} />
                </td>
                <td
                  className={styles.points}
                  title={`${differenceText(difference)}, ${chanceText(difference.chance)} by Holm’s correction over all rows`}
                >
                  <b>{signedPoints(difference.value)}</b>
                  <span className={styles.deviation}>
                    {' '}
                    [{signedPoints(difference.low)}, {signedPoints(difference.high)}]
                  </span>
                  <span className={styles.line}>{chanceText(difference.chance)} (Holm)</span>
                </td>
              </>
            )}
          </>
        )}
      </tr>
      <tr className={styles.phoneSource} {...marks}>
        <td colSpan={1 + Math.max(1, figures)} data-testid={`verify-about-${id}`}>
          <div>
            <span>
              {line} · {source}
              {reordered && `. ${reordered}`}
            </span>
            {added && <TakeAwayRow row={row} />}
          </div>
        </td>
      </tr>
    </>
  );
}

function TakeAwayRow({ row: { id, label, source, fromFile } }: Pick<BenchmarkRowProps, 'row'>) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="sm"
      aria-label={fromFile ? `Remove ${source} from ${label}` : `Remove ${label}`}
      onClick={() => verification.removeFile(id)}
    >
      <IconX size={14} />
    </ActionIcon>
  );
}

interface RowState {
  readonly name: 'idle' | 'waiting' | 'drawing' | 'reading' | 'embedding' | 'scoring';
  readonly done: number;
  readonly total: number;
}

function stateOf(job: Job | undefined, { id }: TableRow): RowState {
  if (job === undefined || !job.pending.includes(id)) return { name: 'idle', done: 0, total: 0 };
  if (job.row !== id || job.phase === undefined) return { name: 'waiting', done: 0, total: 0 };
  return { name: job.phase, done: job.done, total: job.total };
}

const PHASES: Readonly<Record<RowState['name'], string>> = {
  idle: '–',
  waiting: 'Waiting',
  drawing: 'Drawing faces',
  reading: 'Reading',
  embedding: 'Embedding',
  scoring: 'Scoring and resampling',
};

function Pending({ name, done, total, label }: RowState & { readonly label: string }) {
  if (total === 0) return PHASES[name];
  return (
    <span className={styles.progress}>
      <span>
        {PHASES[name]}, {formatNumber(done)} of {formatNumber(total)}
      </span>
      <progress max={total} value={done} aria-label={`${PHASES[name]} for ${label}`} />
    </span>
  );
}
