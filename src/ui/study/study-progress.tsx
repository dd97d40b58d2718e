import { formatDuration, formatNumber } from '../../config/quantity.ts';
import { conditionLabel } from './condition-mark.tsx';
import styles from './study-progress.module.css';
import { useStudy } from './study-store.ts';
import { timeLeft } from './study-time.ts';

/** How far the study is: a segment for each run. `planned` is the number of runs of a study that has not started. */
export function StudyProgress({ planned }: { readonly planned: number }) {
  useStudy(({ version }) => version);
  const study = useStudy((state) => state.study);
  const cells = study?.cells ?? [];
  const total = study === undefined ? planned : cells.length;
  const done = cells.filter(({ phase }) => phase === 'done').length;
  const failed = cells.filter(({ phase }) => phase === 'failed').length;
  const running = cells.filter(({ phase }) => phase === 'running');
  const left = study && timeLeft(study);
  const [first] = running;
  const work =
    first === undefined
      ? ''
      : running.length > 1
        ? `${running.length} side by side`
        : `seed ${first.cell.seed}, ${conditionLabel(first.cell.condition.name)}, step ${formatNumber(first.step)} of ${formatNumber(first.cell.config.steps)}`;
  const ends = done + failed;
  const headline =
    study === undefined
      ? 'Ready'
      : ends === total
        ? 'Finished'
        : `${formatNumber(done)} of ${formatNumber(total)} runs`;
  const details = [
    ...(study === undefined || ends === total ? [`${formatNumber(total)} ${total === 1 ? 'run' : 'runs'}`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(work === '' ? [] : [work]),
    ...(study?.phase === 'resting' ? ['paused'] : []),
  ];
  const leftText = left === undefined ? '' : `${formatDuration(left)} left`;
  return (
    <section className={styles.progress} aria-label="Progress">
      <div className={styles.bar}>
        <div className={styles.text}>
          <span>
            <b>{headline}</b> · {details.join(' · ')}
          </span>
          <span>{leftText}</span>
        </div>
        <div
          className={styles.track}
          role="progressbar"
          data-testid="study-progress"
          aria-label="Progress of the study"
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={done}
          aria-valuetext={[`${done} of ${total} runs`, ...(leftText === '' ? [] : [leftText])].join(', ')}
        >
          {cells.map(({ cell, phase, step }) => (
            <span key={cell.id} data-phase={phase}>
              {phase === 'running' && <i style={{ width: `${(100 * step) / cell.config.steps}%` }} />}
            </span>
          ))}
        </div>
      </div>
    </section>
  );
}
