import { SegmentedControl } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconInfoCircle } from '@tabler/icons-react';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { stopStep } from '../../../craft/schedule.ts';
import { ARM_LABELS } from '../../../record/arm.ts';
import { craftSwitches } from '../../../record/craft-switches.ts';
import { chartRows, commonStep, type SeriesName } from '../../../record/figures/chart-rows.ts';
import { readoutText } from '../../../record/figures/value-axis.ts';
import { ArmMark } from '../../kit/arm-mark.tsx';
import cards from '../../kit/card.module.css';
import { useShownArms } from '../../state/shown-arms.ts';
import { useRun, useRunState } from '../../state/store-context.tsx';
import { useReadoutStep } from '../../state/view-store.ts';
import { NormsCard } from '../heatmaps/norms-card.tsx';
import { SeamMarks } from '../seam-marks.tsx';
import { StepAxis } from '../step-axis.tsx';
import { SwitchMarks } from '../switch-marks.tsx';
import { useSameYet } from '../use-same-yet.ts';
import { ChartNote } from './chart-note.tsx';
import { ChartTable } from './chart-table.tsx';
import styles from './charts-card.module.css';
import { PLOT_LEFT, PLOT_RIGHT } from './plot-margins.ts';
import { StepCursor } from './step-cursor.tsx';

/** The library that draws lines is a quarter of the page's code; buttons and walls need not wait for it. */
const RunChart = lazy(() => import('./run-chart.tsx'));

interface Chart {
  readonly name: SeriesName;
  readonly title: string;
  readonly short: string;
}

const CHARTS: readonly Chart[] = [
  { name: 'inactiveShare', title: 'Inactive filters', short: 'Inactive' },
  { name: 'verification', title: 'Held-out accuracy', short: 'Accuracy' },
  { name: 'loss', title: 'Loss', short: 'Loss' },
];

type Tab = SeriesName | 'norms';

/** Inactive share, held-out accuracy and loss of both arms on one step axis; on a narrow page one at a time. */
export function ChartsCard({ narrow }: { readonly narrow: boolean }) {
  const run = useRun();
  const steps = useRunState(({ config }) => config.steps);
  const cursor = useReadoutStep();
  const same = useSameYet();
  const [tab, setTab] = useState<Tab>('inactiveShare');
  const { ref, width } = useElementSize();
  const totalSteps = run?.totalSteps ?? steps;
  const shown = narrow ? CHARTS.filter(({ name }) => name === tab) : CHARTS;
  return (
    <section className={`${cards.card} ${styles.charts}`} aria-label="Charts" data-tour="charts">
      {narrow && (
        <SegmentedControl<Tab>
          fullWidth
          withItemsBorders={false}
          className={styles.tabs ?? ''}
          data={[
            ...CHARTS.map(({ name, short }) => ({ value: name, label: short })),
            { value: 'norms', label: 'Norms' },
          ]}
          value={tab}
          onChange={setTab}
        />
      )}
      {narrow && tab === 'norms' && <NormsCard />}
      {shown.length > 0 && (
        <StepCursor totalSteps={totalSteps} run={run}>
          <div ref={ref} className={styles.measure} />
          {shown.map((chart, turn) => (
            <ChartPanel
              key={chart.name}
              chart={chart}
              turn={turn}
              width={width}
              totalSteps={totalSteps}
              cursor={cursor}
            />
          ))}
          <div style={{ paddingLeft: PLOT_LEFT, paddingRight: PLOT_RIGHT }}>
            <StepAxis totalSteps={totalSteps} cursor={run && cursor} />
          </div>
        </StepCursor>
      )}
      {run === undefined && same !== undefined && (
        <p className={styles.same} data-testid="same-yet">
          <IconInfoCircle size={15} stroke={1.6} aria-hidden="true" />
          <span>{same.text}</span>
        </p>
      )}
    </section>
  );
}

interface ChartPanelProps {
  readonly chart: Chart;
  /** Which of three redraws its lines follow. */
  readonly turn: number;
  readonly width: number;
  readonly totalSteps: number;
  readonly cursor: number | undefined;
}

function ChartPanel({ chart: { name, title }, turn, width, totalSteps, cursor }: ChartPanelProps) {
  const run = useRun();
  const config = useRunState((state) => state.config);
  const arms = useShownArms();
  const { ref, height } = useElementSize();
  const used = run?.config ?? config;
  // Lines are the dearest thing to draw: while the run trains, every third redraw is enough for them, one chart at a
  // time. They are deferred too, so that React draws them in a task of their own, after walls and heatmaps.
  const drawn = useDeferredValue(
    useRunState(({ run: shown, version }) => (shown?.phase === 'running' ? Math.floor((version + turn) / 3) : version)),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the run grows in place, `drawn` changes with it.
  const { rows, eventSteps } = useMemo(
    () => ({ rows: chartRows(run, name), eventSteps: run?.eventSteps ?? [] }),
    [run, name, drawn],
  );
  const step = commonStep(run, name, arms, cursor);
  const values = arms.flatMap((arm) => {
    const value = step === undefined ? undefined : run?.arms[arm]?.[name].valueAt(step);
    return value === undefined ? [] : [{ arm, text: readoutText(name, value) }];
  });
  const spoken = values.map(({ arm, text }) => `${ARM_LABELS[arm]} ${text}`).join(', ');
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {values.map(({ arm, text }) => (
          <span key={arm} className={styles.value} data-testid={`${name}-${arm}`}>
            <ArmMark arm={arm} /> {text}
          </span>
        ))}
      </div>
      {run && step !== undefined && <ChartNote name={name} run={run} arms={arms} step={step} />}
      <div ref={ref} className={styles.plot} role="img" aria-label={`${title}. ${spoken || 'Nothing yet'}.`}>
        <div className={styles.canvas}>
          <Suspense fallback={null}>
            <RunChart
              name={name}
              rows={rows}
              width={width}
              height={height}
              totalSteps={totalSteps}
              eventSteps={eventSteps}
              stopStep={used.arms === 'standard' ? undefined : stopStep(totalSteps, used)}
            />
          </Suspense>
        </div>
        {run && <SeamMarks seams={run.seams} totalSteps={totalSteps} left={PLOT_LEFT} right={PLOT_RIGHT} />}
        {run && (
          <SwitchMarks
            switches={craftSwitches(run.events)}
            totalSteps={totalSteps}
            step={run.step}
            left={PLOT_LEFT}
            right={PLOT_RIGHT}
            span="hatched"
          />
        )}
        {run && cursor !== undefined && width > 0 && (
          <span
            className={styles.cursor}
            style={{ left: PLOT_LEFT + (cursor / totalSteps) * (width - PLOT_LEFT - PLOT_RIGHT) }}
          />
        )}
      </div>
      {rows.length > 0 && <ChartTable title={title} name={name} arms={arms} rows={rows} />}
    </div>
  );
}
