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
      <Readout name="Step" value={speed && `${formatStep(speed.stepMs)} ms`} />
      <Readout
        name={hardware ? 'GPU memory' : 'Memory'}
        value={speed && `${formatNumber(Math.round(speed.deviceBytes / 1e6))} MB`}
      />
    </dl>
  );
}

function formatStep(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(1) : formatNumber(Math.round(milliseconds));
}

function Readout({ name, value }: { readonly name: string; readonly value: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? '–'}</dd>
    </div>
  );
}
