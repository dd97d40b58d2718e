import { formatNumber } from '../../config/quantity.ts';
import { isHardware } from '../state/engine.ts';
import { useRun, useRunState } from '../state/store-context.tsx';
import styles from './readouts.module.css';

/** Speed and memory. */
export function Readouts() {
  const run = useRun();
  const hardware = useRunState(({ engine }) => engine === undefined || isHardware(engine));
  const speed = run?.speed;
  const runs = run?.phase === 'running';
  return (
    <dl className={styles.readouts}>
      <Readout name="Images/s" value={speed && runs ? formatNumber(Math.round(speed.imagesPerSecond)) : undefined} />
      <Readout name="Step" value={speed && `${roundText(speed.stepMs)} ms`} />
      <Readout name={hardware ? 'GPU memory' : 'Memory'} value={speed && `${roundText(speed.deviceBytes / 1e6)} MB`} />
    </dl>
  );
}

/** Whole, or with a decimal where it is small: 130, 0.4. */
function roundText(value: number): string {
  return value < 10 ? value.toFixed(1) : formatNumber(Math.round(value));
}

function Readout({ name, value }: { readonly name: string; readonly value: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? '–'}</dd>
    </div>
  );
}
