import { type CraftSwitch, offSpans } from '../../record/craft-switches.ts';
import styles from './switch-marks.module.css';

interface SwitchMarksProps {
  readonly switches: readonly CraftSwitch[];
  readonly totalSteps: number;
  /** Steps finished: a span that has not ended ends here. */
  readonly step: number;
  /** Space left and right of the plot, in pixels. */
  readonly left?: number;
  readonly right?: number;
  /** How the time without CRAFT looks. */
  readonly span: 'hatched' | 'pale' | 'none';
}

/** A line and a small switch wherever CRAFT was turned off or on in mid-run, and the time between them. */
export function SwitchMarks({ switches, totalSteps, step, left = 0, right = 0, span }: SwitchMarksProps) {
  const at = (value: number) => `calc(${left}px + (100% - ${left + right}px) * ${value / totalSteps})`;
  return (
    <>
      {span !== 'none' &&
        offSpans(switches, step).map(({ from, to }) => (
          <span
            key={from}
            className={styles.span}
            data-look={span}
            style={{ left: at(from), width: `calc((100% - ${left + right}px) * ${(to - from) / totalSteps})` }}
          />
        ))}
      {switches.map(({ step: switched, enabled }, place) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: two switches may be at one step, and none ever moves.
          key={place}
          className={styles.mark}
          data-testid="switch-mark"
          data-enabled={enabled}
          style={{ left: at(switched) }}
        />
      ))}
    </>
  );
}
