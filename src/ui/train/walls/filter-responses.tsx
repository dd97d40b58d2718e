import { useMemo } from 'react';
import type { RunRecord } from '../../../client/run-record.ts';
import { formatNumber } from '../../../config/quantity.ts';
import { gatherFilters } from '../../../craft/filter-bank.ts';
import { gatherChannels, type ResponseMaps } from '../../../craft/response.ts';
import type { ArmName } from '../../../record/arm.ts';
import type { ReactivationEntry } from '../../../record/history-events.ts';
import type { ShownLayer } from '../../../record/shown-layer.ts';
import { Picture } from '../../kit/picture.tsx';
import { ResponseThumbnail } from '../../kit/response-thumbnail.tsx';
import { useResponses } from '../../state/use-responses.ts';
import { useRunFace } from '../../state/use-run-face.ts';
import styles from './filter-card.module.css';

interface FilterResponsesProps {
  readonly run: RunRecord;
  readonly arm: ArmName;
  readonly layer: ShownLayer;
  readonly filter: number;
  readonly size: number;
  readonly step: number | undefined;
}

/** The face, and the filter's response to it: before and after its last re-activation, and at the step on show. */
export function FilterResponses({ run, arm, layer, filter, size, step }: FilterResponsesProps) {
  const { view, states } = layer;
  const chosen = useRunFace(view.channels !== undefined);
  const now = useMemo(() => {
    if (view.kernel === undefined || view.channels === undefined) return undefined;
    return {
      kernel: gatherFilters(view.kernel, states.length, [filter]),
      channels: gatherChannels(view.channels, [filter]),
    };
  }, [view.kernel, view.channels, states.length, filter]);
  const event = useMemo(() => lastReactivation(run, arm, filter, step ?? run.step), [run, arm, filter, step, run.step]);
  const place = event?.filters.indexOf(filter) ?? -1;
  const before = useMemo(() => one(event, 'before', place), [event, place]);
  const after = useMemo(() => one(event, 'after', place), [event, place]);
  const face = chosen?.face;
  const was = useResponses(before?.kernel, before?.channels, size, face);
  const became = useResponses(after?.kernel, after?.channels, size, face);
  const is = useResponses(now?.kernel, now?.channels, size, face);
  if (now === undefined) return null;
  return (
    <div className={styles.responses}>
      <figure>
        <Picture className={styles.face} picture={chosen?.picture} size={face?.size ?? 48} />
        <figcaption>this face</figcaption>
      </figure>
      {event !== undefined && before !== undefined && (
        <>
          <Shown maps={was} text={`before, step ${formatNumber(event.step)}`} inactive />
          <Shown maps={became} text={`after, step ${formatNumber(event.step)}`} reborn />
        </>
      )}
      <Shown
        maps={is}
        text={`${step === undefined ? 'now, ' : ''}step ${formatNumber(view.kernelStep)}`}
        inactive={states[filter] === 'inactive'}
      />
    </div>
  );
}

interface ShownProps {
  readonly maps: ResponseMaps | undefined;
  readonly text: string;
  readonly inactive?: boolean;
  readonly reborn?: boolean;
}

function Shown({ maps, text, inactive = false, reborn = false }: ShownProps) {
  return (
    <>
      <span aria-hidden="true">›</span>
      <figure>
        <span className={styles.response} data-inactive={inactive || undefined} data-reborn={reborn || undefined}>
          {maps && <ResponseThumbnail maps={maps} filter={0} testId="card-response" />}
        </span>
        <figcaption>{text}</figcaption>
      </figure>
    </>
  );
}

function lastReactivation(run: RunRecord, arm: ArmName, filter: number, step: number): ReactivationEntry | undefined {
  for (let at = run.events.length - 1; at >= 0; at--) {
    const event = run.events[at];
    if (event?.type !== 'reactivation' || event.arm !== arm || event.step > step) continue;
    if (event.filters.includes(filter)) return event;
  }
  return undefined;
}

/** One filter of a check; undefined in runs saved before the layers behind the kernel were kept. */
function one(event: ReactivationEntry | undefined, moment: 'before' | 'after', place: number) {
  const channels = moment === 'before' ? event?.channelsBefore : event?.channelsAfter;
  if (event === undefined || channels === undefined || place < 0) return undefined;
  return {
    kernel: gatherFilters(event[moment], event.filters.length, [place]),
    channels: gatherChannels(channels, [place]),
  };
}
