import { decayDose, FIRST_DEATHS_DOSE, stepOfDose } from '../../../config/dose.ts';
import { formatNumber } from '../../../config/quantity.ts';
import { useRunState } from '../../state/store-context.tsx';
import styles from './dose-gauge.module.css';

/** The scale's end; a larger dose fills the bar. */
const SCALE = 20;

/** How strongly the chosen recipe pulls idle weights to zero, and whether filters can die of it. */
export function DoseGauge() {
  const config = useRunState((state) => state.config);
  const { dose, shrink } = decayDose(config);
  const from = stepOfDose(config, FIRST_DEATHS_DOSE);
  const share = (value: number) => `${(100 * Math.min(value, SCALE)) / SCALE}%`;
  const shown = dose < 10 ? dose.toFixed(1) : dose.toFixed(0);
  return (
    <section className={styles.gauge} aria-label="Decay dose" data-testid="dose-gauge">
      <div className={styles.head}>
        <b>Decay dose</b>
        <b>{shown}</b>
      </div>
      <div className={styles.bar} role="img" aria-label={`Dose ${shown}; filters die from ${FIRST_DEATHS_DOSE} on`}>
        <span className={styles.fill} style={{ width: share(dose) }} />
        <span className={styles.tick} style={{ left: share(FIRST_DEATHS_DOSE) }} />
      </div>
      <p className={styles.from} style={{ marginLeft: share(FIRST_DEATHS_DOSE) }}>
        filters die from here on
      </p>
      <p>{doseInWords(shrink, from, config.steps)}</p>
    </section>
  );
}

/** "A weight that gets no gradient shrinks to 1/160 000. First filters can die from about step 480 on." */
export function doseInWords(shrink: number, firstDeaths: number | undefined, steps: number): string {
  const idle =
    shrink > 0.5
      ? `A weight that gets no gradient keeps ${(100 * shrink).toFixed(0)} % of its size.`
      : `A weight that gets no gradient shrinks to 1/${roundNumber(1 / shrink)}.`;
  if (firstDeaths === undefined) return `${idle} No filter can die at this dose.`;
  const step = firstDeaths < 20 ? firstDeaths : Math.min(steps, Math.round(firstDeaths / 10) * 10);
  return `${idle} First filters can die from about step ${formatNumber(step)} on.`;
}

/** Two digits are enough: 162 755 is 160 000. */
function roundNumber(value: number): string {
  if (!Number.isFinite(value) || value >= 1e9) return '1 000 000 000 or less'.replaceAll(' ', '\u202f');
  return formatNumber(Number(value.toPrecision(2)));
}
