import { IconCheck, IconX } from '@tabler/icons-react';
import { formatFixed } from '../../config/quantity.ts';
import type { BenchmarkResult, ShownPair } from '../../worker/verification/protocol.ts';
import { ArmMark } from '../kit/arm-mark.tsx';
import { FacePicture } from '../kit/face-picture.tsx';
import type { Column } from './columns.ts';
import styles from './pair-card.module.css';
import { outcomeText } from './pair-filter.ts';

interface PairCardProps {
  readonly pair: ShownPair;
  readonly result: BenchmarkResult;
  readonly columns: readonly Column[];
  readonly label: string;
}

const WIDTH = 186;
const HEIGHT = 20;

/** Similarity from the threshold to either end of the scale. */
const REACH = 0.5;

/** Two faces, how similar each network finds them, and who is right. */
export function PairCard({ pair, result, columns, label }: PairCardProps) {
  const { pictures } = result;
  return (
    <li className={styles.pair} data-outcome={pair.outcome}>
      <div className={styles.faces}>
        <FacePicture pictures={pictures} number={pair.left} />
        <FacePicture pictures={pictures} number={pair.right} />
      </div>
      <p className={styles.title}>
        <b>{pair.same ? 'Same person' : 'Two people'}</b>
        <span>{label}</span>
      </p>
      <Scale pair={pair} columns={columns} />
      <ul className={styles.verdicts}>
        {pair.verdicts.map(({ similarity, right }, place) => (
          <li key={columns[place]?.id ?? place}>
            <ArmMark arm={columns[place]?.mark ?? 'standard'} />
            <span className="visually-hidden">{columns[place]?.name}: similarity</span>
            <b>{formatFixed(similarity, 2)}</b>
            {right ? <IconCheck size={13} aria-hidden="true" /> : <IconX size={13} aria-hidden="true" />}
            <span>{right ? 'right' : 'wrong'}</span>
          </li>
        ))}
      </ul>
      <span className={styles.outcome}>{outcomeText(pair.outcome, columns)}</span>
    </li>
  );
}

/** Each network's similarity by its distance from its own threshold, which is in the middle. */
function Scale({ pair, columns }: Pick<PairCardProps, 'pair' | 'columns'>) {
  const place = (distance: number) => {
    const kept = Math.max(-REACH, Math.min(REACH, distance));
    return WIDTH / 2 + (kept / REACH) * (WIDTH / 2 - 6);
  };
  const middle = HEIGHT / 2;
  // The side on which a pair like this is judged rightly.
  const right = pair.same ? `M${WIDTH / 2} ${middle}H${WIDTH}` : `M0 ${middle}H${WIDTH / 2}`;
  return (
    <svg className={styles.scale} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path className={styles.track} d={`M0 ${middle}H${WIDTH}`} />
      <path className={styles.rightSide} d={right} />
      <path className={styles.threshold} d={`M${WIDTH / 2} 1V${HEIGHT - 1}`} />
      {pair.verdicts.map(({ similarity, threshold }, at) => {
        const x = place(similarity - threshold);
        const column = columns[at];
        return column?.mark === 'craft' ? (
          <circle key={column.id} className={styles.craft} cx={x} cy={middle} r={5} />
        ) : (
          <rect
            key={column?.id ?? at}
            className={styles.standard}
            x={x - 4}
            y={middle - 4}
            width={8}
            height={8}
            rx={1.5}
          />
        );
      })}
    </svg>
  );
}
