import type { RunRecord } from '../../../client/run-record.ts';
import { formatPercent } from '../../../config/quantity.ts';
import { survival } from '../../../craft/survival.ts';
import { decayAloneOf } from '../../../record/decay-alone.ts';
import styles from './outcome-panel.module.css';

const MOST_NAMED = 12;

/**
 * Of the re-activated filters, the share still active at the next check and at the end; and how often each came back.
 */
export function SurvivalSection({ run }: { readonly run: RunRecord }) {
  const record = run.arms.craft;
  const checks = run.events.flatMap((event) => (event.type === 'reactivation' && event.arm === 'craft' ? [event] : []));
  const ended = run.phase === 'finished' ? record?.layerAt()?.inactive : undefined;
  const decay = decayAloneOf(run.config, checks, run.phase === 'finished' ? run.step : undefined);
  const lives = survival(checks, record?.filters ?? 0, ended && Uint8Array.from(ended), decay);
  const total = lives.reactivations.reduce((sum, times) => sum + times, 0);
  return (
    <section className={styles.section} aria-labelledby="survival-title">
      <h3 id="survival-title">Survival</h3>
      {total === 0 ? (
        <p>No filter has been re-activated yet.</p>
      ) : (
        <>
          <p>
            Of {total} re-activated {total === 1 ? 'filter' : 'filters, counted at each check'}, so many were still
            active:
          </p>
          <dl className={styles.figures}>
            <dt>at the next check</dt>
            <dd>
              <span data-testid="survival-next">{shareText(lives.atNextCheck)}</span>
              {lives.byDecayAlone && (
                <small data-testid="decay-next">{aloneText(lives.byDecayAlone.atNextCheck)}</small>
              )}
            </dd>
            <dt>at the end</dt>
            <dd>
              <span data-testid="survival-end">{shareText(lives.atEnd)}</span>
              {lives.byDecayAlone && <small data-testid="decay-end">{aloneText(lives.byDecayAlone.atEnd)}</small>}
            </dd>
          </dl>
          <p>
            {lives.byDecayAlone
              ? 'A new filter starts far above the threshold. Decay alone: the share that would still count as active without any gradient.'
              : 'A baseline by decay alone is known for the criterion “largest |w|” only: the others compare with filters that change.'}
          </p>
          <p data-testid="reactivations-per-filter">{oftenText(lives.reactivations)}</p>
        </>
      )}
    </section>
  );
}

function aloneText(share: number | undefined): string {
  return `decay alone ${shareText(share)}`;
}

/** "12 filters were re-activated once, more often #3 (2 times) and #7 (3 times)." */
function oftenText(times: Uint32Array): string {
  const once = times.reduce((count, number) => count + (number === 1 ? 1 : 0), 0);
  const often = [...times.entries()].filter(([, number]) => number > 1).sort(([, a], [, b]) => b - a);
  const named = often.slice(0, MOST_NAMED).map(([filter, number]) => `#${filter} (${number} times)`);
  const rest = often.length > MOST_NAMED ? ` and ${often.length - MOST_NAMED} more` : '';
  const more = often.length === 0 ? 'none more often' : `more often ${named.join(', ')}${rest}`;
  return `${once} ${once === 1 ? 'filter was' : 'filters were'} re-activated once, ${more}.`;
}

function shareText(share: number | undefined): string {
  return share === undefined ? 'not known yet' : formatPercent(share);
}
