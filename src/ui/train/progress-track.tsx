import { formatEstimate, formatNumber } from '../../config/quantity.ts';
import { stopStep } from '../../craft/schedule.ts';
import { craftSwitches } from '../../record/craft-switches.ts';
import { useDuration } from '../state/step-times.ts';
import { useRun, useRunState } from '../state/store-context.tsx';
import { useView } from '../state/view-store.ts';
import { distinctSteps } from './distinct-steps.ts';
import styles from './progress-track.module.css';
import { runStatus, timeLeftText } from './run-status.ts';
import { SwitchMarks } from './switch-marks.tsx';
import { useSameYet } from './use-same-yet.ts';

/** A tick is 3 px wide, and the track some 800. */
const MOST_TICKS = 250;

/** How far the run is, with a tick for every re-activation and a mark where CRAFT stops. */
export function ProgressTrack() {
  const run = useRun();
  const config = useRunState((state) => state.config);
  const total = run?.totalSteps ?? config.steps;
  const step = run?.step ?? 0;
  const preparing = useRunState(({ pageRun }) => pageRun?.preparing);
  const share = preparing === undefined ? step / total : preparing.done / Math.max(1, preparing.total);
  const { headline, detail } = runStatus(run, config.steps, preparing);
  const duration = useDuration(config);
  const left =
    run === undefined && duration !== undefined ? `${formatEstimate(duration)} on this computer` : timeLeftText(run);
  const linked = useView(({ linkedStep }) => linkedStep);
  const same = useSameYet();
  const ticks = distinctSteps(run?.eventSteps ?? [], total, MOST_TICKS);
  const hasCraft = (run?.config.arms ?? config.arms) !== 'standard';
  const stop = stopStep(total, run?.config ?? config);
  const value = `Step ${formatNumber(step)} of ${formatNumber(total)}${left === '' ? '' : `, ${left}`}`;
  const separator = run === undefined || run.phase === 'running' || run.phase === 'paused' ? '' : '· ';
  return (
    <div className={styles.progress}>
      <div className={styles.text}>
        <span>
          <span>
            <b>{headline}</b> {run === undefined ? '· ' : separator}
            {detail}
          </span>
          {run === undefined && same?.nextCheck !== undefined && (
            <span>, first check at step {formatNumber(same.nextCheck)}</span>
          )}
          {linked !== undefined && <span> · the link pins step {formatNumber(linked.step)} once it is passed</span>}
        </span>
        <span>{left}</span>
      </div>
      <div
        className={styles.track}
        role="progressbar"
        data-testid="run-progress"
        aria-label="Progress of the run"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={step}
        aria-valuetext={value}
      >
        <div
          className={styles.fill}
          data-preparing={preparing !== undefined || undefined}
          style={{ width: `${share * 100}%` }}
        />
        {run && <SwitchMarks switches={craftSwitches(run.events)} totalSteps={total} step={step} span="pale" />}
        {ticks.map((at) => (
          <span key={at} className={styles.tick} style={{ left: `${(at / total) * 100}%` }} />
        ))}
        {hasCraft && stop !== undefined && (
          <span className={styles.stop} style={{ left: `${(100 * stop) / total}%` }} />
        )}
      </div>
    </div>
  );
}
