import { type DecayDose, decayDose, firstDeaths, stepOfDose } from '../../../config/dose.ts';
import { formatNumber } from '../../../config/quantity.ts';
import type { RunConfig } from '../../../config/run-config.ts';
import { useRunState } from '../../state/store-context.tsx';
import styles from './dose-gauge.module.css';

/** The scale's end; a larger dose fills the bar. */
const SCALE = 20;

/** How strongly the chosen recipe pulls idle weights to zero, and whether filters can die of it. */
export function DoseGauge() {
  const config = useRunState((state) => state.config);
  const decay = decayDose(config);
  const { dose } = decay;
  const deaths = firstDeaths(config);
  const share = (value: number) => `${(100 * Math.min(value, SCALE)) / SCALE}%`;
  const from = deaths === undefined ? '' : `; first deaths at about ${deaths.median.toFixed(1)}`;
  return (
    <section className={styles.gauge} aria-label="Decay dose" data-testid="dose-gauge">
      <div className={styles.head}>
        <b>Decay dose</b>
        <b>{shown(dose)}</b>
      </div>
      <div className={styles.bar} role="img" aria-label={`Dose ${shown(dose)}${from}`}>
        <span className={styles.fill} style={{ width: share(dose) }} />
        {deaths && <span className={styles.tick} style={{ left: share(deaths.median) }} />}
      </div>
      {deaths && (
        <p className={styles.from} style={{ marginLeft: share(deaths.median) }}>
          first deaths about here
        </p>
      )}
      <p>{doseInWords(config, decay)}</p>
    </section>
  );
}

/** "A weight that gets no gradient shrinks to 1/160 000. First filters can die from about step 480 on." */
export function doseInWords(config: RunConfig, { dose, shrink }: DecayDose = decayDose(config)): string {
  const idle =
    shrink > 0.5
      ? `A weight that gets no gradient keeps ${(100 * shrink).toFixed(0)} % of its size.`
      : `A weight that gets no gradient shrinks to 1/${roundNumber(1 / shrink)}.`;
  const deaths = firstDeaths(config);
  if (deaths === undefined)
    return `${idle} First deaths are measured for “largest |w|” below 0.01, not for this criterion.`;
  if (dose < deaths.least) return `${idle} In 20 measured runs no filter had died at this dose.`;
  const first = stepOfDose(config, deaths.median);
  if (first === undefined) return `${idle} Few measured runs had lost a filter at this dose.`;
  const step = first < 20 ? first : Math.min(config.steps, Math.round(first / 10) * 10);
  return `${idle} First filters can die from about step ${formatNumber(step)} on.`;
}

function shown(dose: number): string {
  return dose < 10 ? dose.toFixed(1) : dose.toFixed(0);
}

/** Two digits are enough: 162 755 is 160 000. */
function roundNumber(value: number): string {
  if (!Number.isFinite(value) || value >= 1e9) return `${formatNumber(1e9)} or less`;
  return formatNumber(Number(value.toPrecision(2)));
}
