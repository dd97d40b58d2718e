import { IconTriangleFilled } from '@tabler/icons-react';
import { LIFE_STAGES, StageTile } from '../kit/life-of-a-filter.tsx';
import styles from './life-figure.module.css';

/** Positions of the stages on the time axis, in the drawing's units of 994. */
const AT: Readonly<Record<(typeof LIFE_STAGES)[number]['name'], number>> = {
  start: 22,
  fading: 268,
  inactive: 546,
  're-activated': 646,
  strong: 894,
};

const WIDTH = 994;
const CHECK = 646;

/** One filter over a run: it fades, is inactive, is re-activated at a check and grows; in the standard arm it stays at zero. */
export function LifeFigure() {
  return (
    <div className={styles.figure}>
      <ol className={styles.stages}>
        {LIFE_STAGES.map(({ name, state, colours }) => (
          <li key={name} data-state={state} style={{ left: `${((AT[name] - 22) / WIDTH) * 100}%` }}>
            <StageTile colours={colours} side={42} />
            {state === 'reactivated' && (
              <span className={styles.badge} aria-hidden="true">
                <IconTriangleFilled size={6} />
              </span>
            )}
            <span>{name}</span>
          </li>
        ))}
      </ol>
      <svg className={styles.curve} viewBox={`0 0 ${WIDTH} 124`} aria-hidden="true">
        <rect className={styles.silent} x="446" y="14" width={CHECK - 446} height="80" />
        <text x="546" y="60" textAnchor="middle">
          passes nothing on
        </text>
        <text x="0" y="84">
          threshold
        </text>
        <path className={styles.threshold} d={`M0 90H${WIDTH}`} />
        <path className={styles.axis} d={`M0 98.5H${WIDTH}`} />
        <path className={styles.check} d={`M${CHECK} 4V98M${CHECK - 5} 99h10l-5 -7z`} />
        <path
          className={styles.craft}
          d="M0 45H60L140 49 218 56 290 69 360 81 418 89 478 93.5 644 94 646 53 696 57 760 49 846 38 926 33 990 31"
        />
        <path className={styles.standard} d={`M${CHECK} 94.5H986`} />
        <circle className={styles.craftEnd} cx="989" cy="31" r="5" />
        <rect className={styles.standardEnd} x="985" y="90" width="9" height="9" rx="1.5" />
        <text className={styles.craftName} x="978" y="53" textAnchor="end">
          CRAFT
        </text>
        <text className={styles.standardName} x="978" y="84" textAnchor="end">
          Standard: stays at zero
        </text>
        <text x="0" y="118">
          step 0
        </text>
        <text x={CHECK} y="118" textAnchor="middle">
          a check
        </text>
        <text x={WIDTH} y="118" textAnchor="end">
          end of run
        </text>
      </svg>
    </div>
  );
}
