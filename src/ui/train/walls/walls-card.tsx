import { Button, SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useEffect } from 'react';
import type { RunRecord } from '../../../client/run-record.ts';
import { formatNumber, formatPercent } from '../../../config/quantity.ts';
import type { ArmName } from '../../../record/arm.ts';
import { shownLayer } from '../../../record/shown-layer.ts';
import { ArmTitle } from '../../kit/arm-mark.tsx';
import cards from '../../kit/card.module.css';
import { useFirstKernelShape } from '../../state/first-kernel-shape.ts';
import { useShownArms } from '../../state/shown-arms.ts';
import { useRun, useRunState } from '../../state/store-context.tsx';
import {
  type Brightness,
  look,
  lookAtNow,
  type ResponseScale,
  useView,
  type WallView,
} from '../../state/view-store.ts';
import { FilterWall } from './filter-wall.tsx';
import { WallLegend } from './wall-legend.tsx';
import styles from './walls-card.module.css';

const RESPONSES_ARE = 'convolution, batch norm, PReLU';
const SCALE_TEXTS: Readonly<Record<ResponseScale, string>> = {
  fixed:
    'Black is no response; 2 and more is white, on a square-root scale that is the same for every run and both arms.',
  'per-filter': 'Black is no response; white is the largest response of each filter.',
};

/** Loaded behind the first picture of the page, so that it is there when the walls are switched. */
const loadPicker = () => import('./face-picker.tsx');
const FacePicker = lazy(loadPicker);

/** "First layer now": the filters of both arms. */
export function WallsCard() {
  const arms = useShownArms();
  const fresh = useRunState(({ run }) => run === undefined);
  const shape = useFirstKernelShape();
  const run = useRun();
  const wallView = useView((view) => view.wallView);
  const pinned = useView((view) => view.pinnedStep);
  // Where it cannot be loaded, its use reports that.
  useEffect(() => void loadPicker().catch(() => {}), []);
  const { size, filters } = shape;
  const title = pinned === undefined ? 'First layer now' : `First layer at step ${formatNumber(pinned)}`;
  const unanswered = arms.some((arm) => {
    const view = run?.arms[arm]?.layerAt(pinned);
    return view?.kernel !== undefined && view.channels === undefined;
  });
  return (
    <section className={cards.card} aria-label={title}>
      <div className={cards.header}>
        <h2 className={cards.title}>{title}</h2>
        <SegmentedControl<WallView>
          size="xs"
          withItemsBorders={false}
          aria-label="View of the walls"
          data-testid="wall-view"
          data={[
            { value: 'weights', label: 'Weights' },
            { value: 'responses', label: 'Responses' },
          ]}
          value={wallView}
          onChange={(value) => look({ wallView: value })}
        />
        {pinned === undefined ? (
          <span className={cards.caption}>
            {wallView === 'responses'
              ? RESPONSES_ARE
              : fresh && arms.length > 1
                ? 'random weights, the same in both arms'
                : `${filters} filters, ${size} × ${size} × RGB`}
          </span>
        ) : (
          <>
            <Button variant="default" size="compact-xs" data-testid="back-to-now" onClick={lookAtNow}>
              Back to now
            </Button>
            <span className={cards.subtitle}>{readAtText(run, arms[0], pinned)}</span>
          </>
        )}
        <span className={cards.spacer} />
        <BrightnessControl wallView={wallView} />
      </div>
      {wallView === 'responses' && (
        <Suspense fallback={<div className={styles.picker} />}>
          <FacePicker />
        </Suspense>
      )}
      {wallView === 'responses' && unanswered && (
        <p className={styles.unanswered} data-testid="no-responses">
          Of this step no responses are kept: the run was saved by an older version of the playground.
        </p>
      )}
      <div className={cards.halves} data-single={arms.length === 1 || undefined}>
        {arms.map((arm) => (
          <div key={arm} className={`${cards.half} ${styles.half}`} data-tour={arm}>
            <div className={styles.armHead}>
              <ArmTitle arm={arm} />
              <InactiveCount arm={arm} filters={filters} step={pinned} />
            </div>
            <FilterWall arm={arm} />
          </div>
        ))}
      </div>
      <WallLegend />
    </section>
  );
}

/** How bright the tiles are: weights and responses each have their own choice. */
function BrightnessControl({ wallView }: { readonly wallView: WallView }) {
  const brightness = useView((view) => view.brightness);
  const responseScale = useView((view) => view.responseScale);
  const shared = {
    size: 'xs',
    withItemsBorders: false,
    'aria-labelledby': 'brightness-label',
  } as const;
  return (
    <div
      className={styles.brightness}
      title={
        wallView === 'responses' ? `The response after ${RESPONSES_ARE}. ${SCALE_TEXTS[responseScale]}` : undefined
      }
    >
      <span id="brightness-label">{wallView === 'responses' ? 'Scale' : 'Brightness'}</span>
      {wallView === 'weights' ? (
        <SegmentedControl<Brightness>
          {...shared}
          data={[
            { value: 'per-filter', label: 'Per filter' },
            { value: 'shared', label: 'Shared' },
          ]}
          value={brightness}
          onChange={(value) => look({ brightness: value })}
        />
      ) : (
        <SegmentedControl<ResponseScale>
          {...shared}
          data={[
            { value: 'fixed', label: 'Fixed' },
            { value: 'per-filter', label: 'Per filter' },
          ]}
          value={responseScale}
          onChange={(value) => look({ responseScale: value })}
        />
      )}
    </div>
  );
}

/** The filters themselves are read less often than their norms; says so where that shows. */
function readAtText(run: RunRecord | undefined, arm: ArmName | undefined, pinned: number): string {
  const read = arm === undefined ? undefined : run?.arms[arm]?.layerAt(pinned)?.kernelStep;
  return read === undefined || read < 0 || read === pinned ? '' : `patterns read at step ${formatNumber(read)}`;
}

interface InactiveCountProps {
  readonly arm: ArmName;
  readonly filters: number;
  readonly step: number | undefined;
}

function InactiveCount({ arm, filters, step }: InactiveCountProps) {
  const run = useRun();
  const layer = run && shownLayer(run, arm, step);
  const count = layer?.view.inactiveCount ?? 0;
  return (
    <span className={styles.count} data-testid={`inactive-count-${arm}`}>
      <b>{count}</b> of {filters} inactive
      {layer?.view.use === undefined ? (
        <span className={styles.share}> · {formatPercent(count / filters)}</span>
      ) : (
        <span title="The next layer uses next to nothing of them, as of most inactive filters">
          {' '}
          · <strong>{layer.unused.size}</strong> unused
        </span>
      )}
    </span>
  );
}
