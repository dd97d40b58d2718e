import { Button } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import type { RunRecord } from '../../../client/run-record.ts';
import { formatNumber } from '../../../config/quantity.ts';
import type { ResponseMaps } from '../../../craft/response.ts';
import { nextCheck } from '../../../craft/schedule.ts';
import { isShownArm } from '../../../record/arm.ts';
import type { HistoryEvent, ReactivationEntry } from '../../../record/history-events.ts';
import cards from '../../kit/card.module.css';
import { KernelThumbnail } from '../../kit/kernel-thumbnail.tsx';
import { ResponseThumbnail } from '../../kit/response-thumbnail.tsx';
import { useRunState } from '../../state/store-context.tsx';
import { useResponses } from '../../state/use-responses.ts';
import { useRunFace } from '../../state/use-run-face.ts';
import { look, type PointedFilters, unpoint, useView } from '../../state/view-store.ts';
import { LazyOutcome } from '../outcome/lazy-outcome.tsx';
import { useSameYet } from '../use-same-yet.ts';
import { eventGroups, type QuietChecks } from './event-groups.ts';
import styles from './event-list.module.css';
import { SeamRow, WeightsRow } from './seam-row.tsx';

/** Rows shown at first, and how many more each time one asks: the page stays fast however long a run is. */
const ROWS_AT_ONCE = 200;
const MOST_PAIRS = 4;
/** Each is twice as wide. */
const MOST_PAIRS_WITH_RESPONSES = 2;
const MOST_NUMBERS = 5;

/** How many rows one asked for, in which run. */
interface Wanted {
  readonly runId: string | undefined;
  readonly rows: number;
}

/** Every check and its re-activated filters, newest first. */
export function EventList() {
  const run = useRunState((state) => state.run);
  // The list grows in place; its length changes with it.
  useRunState((state) => state.run?.events.length);
  useRunState((state) => state.run?.seams.length);
  const events = (run?.events ?? []).filter(({ arm }) => isShownArm(arm));
  const same = useSameYet();
  const checks = events.filter((event) => event.type === 'reactivation');
  const total = checks.reduce((sum, { filters }) => sum + filters.length, 0);
  const [wanted, setWanted] = useState<Wanted>({ runId: undefined, rows: ROWS_AT_ONCE });
  const rows = wanted.runId === run?.runId ? wanted.rows : ROWS_AT_ONCE;
  const groups = eventGroups(events, run?.seams);
  const newest = groups.slice(0, rows);
  const earlier = groups.length - newest.length;
  const size = run?.kernelShape?.[0] ?? 3;
  const [shown, setShown] = useState<'events' | 'outcome'>('events');
  return (
    <section className={`${cards.card} ${styles.events}`} aria-label="Re-activations" data-testid="event-list">
      <div className={styles.head}>
        <h2 className={cards.title}>Re-activations</h2>
        {checks.length > 0 && (
          <span className={styles.total}>
            {formatNumber(total)} in {formatNumber(checks.length)} {checks.length === 1 ? 'check' : 'checks'}
          </span>
        )}
        <Button
          variant="default"
          size="compact-xs"
          data-testid="outcome-toggle"
          onClick={() => setShown(shown === 'events' ? 'outcome' : 'events')}
        >
          {shown === 'events' ? 'Survival and novelty' : 'Events'}
        </Button>
      </div>
      {shown === 'outcome' && <LazyOutcome />}
      {shown === 'events' && same !== undefined && (
        <p className={styles.empty} data-testid="same-yet">
          {same.text}
        </p>
      )}
      {shown === 'events' && same === undefined && events.length === 0 && run && (
        <p className={styles.empty}>{emptyText(run)}</p>
      )}
      <div
        className={styles.list}
        hidden={shown === 'outcome'}
        role="log"
        aria-live="polite"
        aria-label="Events"
        tabIndex={newest.length > 0 ? 0 : -1}
      >
        {newest.map((event, place) => {
          // Newest first: the same row keeps its number from the end. Two switches of CRAFT may be of one step.
          const key = groups.length - place;
          if (event.type === 'quiet-checks') return <QuietRow key={key} {...event} />;
          return event.type === 'seam' ? (
            <SeamRow key={key} {...event} />
          ) : (
            <EventRow key={key} event={event} size={size} />
          );
        })}
        {earlier === 0 && run?.weights !== undefined && <WeightsRow origin={run.weights} />}
        {earlier > 0 && (
          <button
            type="button"
            className={styles.earlier}
            data-testid="earlier-events"
            onClick={() => setWanted({ runId: run?.runId, rows: rows + ROWS_AT_ONCE })}
          >
            Show {Math.min(earlier, ROWS_AT_ONCE)} of {formatNumber(earlier)} earlier
          </button>
        )}
      </div>
    </section>
  );
}

function emptyText(run: RunRecord): string {
  if (run.config.arms === 'standard') return 'Only the standard arm trains: nothing is re-activated.';
  if (!run.config.craft) return 'CRAFT is switched off: nothing is re-activated.';
  const first = nextCheck(0, run.totalSteps, run.config);
  if (first === undefined) return 'No check falls into this run: nothing is re-activated.';
  return `No re-activation yet. First check at step ${formatNumber(first)}.`;
}

const EventRow = memo(function EventRow({ event, size }: { readonly event: HistoryEvent; readonly size: number }) {
  const pinned = useView(({ pinnedStep }) => pinnedStep === event.step);
  const concerned = useView(({ pointed }) => concerns(event, pointed));
  const filters = event.type === 'reactivation' ? event.filters : [];
  const { arm, step } = event;
  const point = () =>
    look({ pointed: filters.length > 0 && isShownArm(arm) ? { arm, filters, event: step } : undefined });
  return (
    <button
      type="button"
      className={styles.row}
      data-testid="event-row"
      data-pinned={pinned || undefined}
      data-concerned={concerned || undefined}
      aria-pressed={pinned}
      onPointerEnter={point}
      onPointerLeave={unpoint}
      onFocus={point}
      onBlur={unpoint}
      onClick={() => look({ pinnedStep: pinned ? undefined : event.step })}
    >
      <span className={styles.line}>
        <b>Step {formatNumber(event.step)}</b>
        <span>{eventText(event)}</span>
        <span className={styles.numbers}>{numbersText(filters)}</span>
      </span>
      {event.type === 'reactivation' && filters.length > 0 && <Pairs event={event} size={size} />}
    </button>
  );
});

/** Whether the event is pointed at, or one of the filters that it re-activated. */
function concerns(event: HistoryEvent, pointed: PointedFilters | undefined): boolean {
  if (event.type !== 'reactivation' || pointed?.arm !== event.arm) return false;
  if (pointed.event !== undefined) return pointed.event === event.step;
  return pointed.filters.some((filter) => event.filters.includes(filter));
}

const QUIET_REASONS: Readonly<Record<QuietChecks['reason'], string>> = {
  'none-inactive': 'none was inactive',
  'too-few-active': 'fewer than 2 active filters to draw from',
};

function QuietRow({ reason, from, to, count }: QuietChecks) {
  const text = count === 1 ? QUIET_REASONS[reason] : `${count} checks, ${QUIET_REASONS[reason]}`;
  return (
    <div className={styles.quiet}>
      <b>
        Step {formatNumber(from)}
        {to > from && ` to ${formatNumber(to)}`}
      </b>
      {` · ${text}`}
    </div>
  );
}

function eventText(event: HistoryEvent): string {
  if (event.type === 'craft-switched') return event.enabled ? 'CRAFT switched on' : 'CRAFT switched off';
  return event.filters.length === 1 ? '1 filter' : `${event.filters.length} filters`;
}

function numbersText(filters: readonly number[]): string {
  const named = filters.slice(0, MOST_NUMBERS).map((filter) => `#${filter}`);
  const rest = filters.length - named.length;
  return rest > 0 ? `${named.join(' ')} +${rest}` : named.join(' ');
}

/** The filters before and after, each with its response to the chosen face where that is known. */
function Pairs({ event, size }: { readonly event: ReactivationEntry; readonly size: number }) {
  const { filters, channelsBefore, channelsAfter } = event;
  const before = useMemo(() => channelsBefore && Float32Array.from(channelsBefore), [channelsBefore]);
  const after = useMemo(() => channelsAfter && Float32Array.from(channelsAfter), [channelsAfter]);
  const face = useRunFace(before !== undefined && after !== undefined)?.face;
  const was = useResponses(event.before, before, size, face);
  const is = useResponses(event.after, after, size, face);
  const responding = before !== undefined && after !== undefined;
  const shown = filters.slice(0, responding ? MOST_PAIRS_WITH_RESPONSES : MOST_PAIRS);
  return (
    <span
      className={styles.pairs}
      data-responding={responding || undefined}
      title={responding ? 'Kernel and response, before and after' : 'Kernel before and after'}
    >
      {shown.map((filter, place) => (
        <span key={filter} className={styles.pair}>
          <span className={styles.before}>
            <KernelThumbnail kernel={event.before} filters={filters.length} filter={place} size={size} />
          </span>
          {responding && <Response maps={was} filter={place} />}
          <span aria-hidden="true">›</span>
          <span className={styles.after}>
            <KernelThumbnail kernel={event.after} filters={filters.length} filter={place} size={size} />
          </span>
          {responding && <Response maps={is} filter={place} />}
        </span>
      ))}
    </span>
  );
}

/** The response of one filter; its place is kept until it is computed. */
function Response({ maps, filter }: { readonly maps: ResponseMaps | undefined; readonly filter: number }) {
  return (
    <span className={styles.response}>
      {maps && <ResponseThumbnail maps={maps} filter={filter} testId="event-response" />}
    </span>
  );
}
