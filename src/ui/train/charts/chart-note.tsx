import type { RunRecord } from '../../../client/run-record.ts';
import { formatNumber, formatPercent } from '../../../config/quantity.ts';
import { isClear } from '../../../record/accuracy-difference.ts';
import { ARM_LABELS, type ArmName } from '../../../record/arm.ts';
import type { SeriesName } from '../../../record/figures/chart-rows.ts';
import { signedPoints } from '../../../verification/points.ts';
import { ArmMark } from '../../kit/arm-mark.tsx';
import { IntervalMark, reachOf } from '../../kit/interval-mark.tsx';
import styles from './charts-card.module.css';

interface ChartNoteProps {
  readonly name: SeriesName;
  readonly run: RunRecord;
  readonly arms: readonly ArmName[];
  /** The step that the chart's header reads. */
  readonly step: number;
}

/** The second line of a chart's header: unused filters, the difference of the accuracies, or the step of both losses. */
export function ChartNote({ name, run, arms, step }: ChartNoteProps) {
  switch (name) {
    case 'inactiveShare':
      return <UnusedNote run={run} arms={arms} step={step} />;
    case 'verification':
      return <DifferenceNote run={run} step={step} />;
    case 'loss':
      return arms.length < 2 ? null : <p className={styles.note}>at step {formatNumber(step)}, both</p>;
  }
}

function UnusedNote({ run, arms, step }: Omit<ChartNoteProps, 'name'>) {
  const values = arms.flatMap((arm) => {
    const value = run.arms[arm]?.unusedShare.valueAt(step);
    return value === undefined ? [] : [{ arm, text: formatPercent(value) }];
  });
  if (values.length === 0) return null;
  return (
    <p className={styles.note}>
      <span className={styles.noteText}>unused: thin lines</span>
      {values.map(({ arm, text }) => (
        <span key={arm} data-testid={`unusedShare-${arm}`} title={`${ARM_LABELS[arm]}: unused by the next layer`}>
          <ArmMark arm={arm} hollow /> {text}
        </span>
      ))}
    </p>
  );
}

function DifferenceNote({ run, step }: Pick<ChartNoteProps, 'run' | 'step'>) {
  const difference = run.arms.craft?.differenceAt(step);
  if (difference === undefined || difference.step !== step) return null;
  const [value, low, high] = [difference.value, difference.low, difference.high].map((share) => share * 100);
  const marked = { value: value ?? 0, low: low ?? 0, high: high ?? 0, claimed: isClear(difference) };
  const verdict = marked.claimed ? 'clear for these two networks' : 'no clear difference';
  return (
    <p
      className={styles.note}
      title={`CRAFT − Standard on the same ${formatNumber(difference.pairs)} pairs, 95 % interval: ${verdict}`}
    >
      <span className={styles.noteText} data-testid="accuracy-difference">
        <b>{signedPoints(marked.value)}</b> [{signedPoints(marked.low)}, {signedPoints(marked.high)}] points
      </span>
      <IntervalMark small difference={marked} reach={reachOf([marked])} />
    </p>
  );
}
