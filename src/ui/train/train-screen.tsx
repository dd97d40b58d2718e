import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useEffect } from 'react';
import { useRunState } from '../state/store-context.tsx';
import { lookAtRun } from '../state/view-store.ts';
import { ChartsCard } from './charts/charts-card.tsx';
import { ConclusionCard } from './conclusion-card.tsx';
import { DropAnywhere } from './drop-anywhere.tsx';
import { EventList } from './events/event-list.tsx';
import { NormsCard } from './heatmaps/norms-card.tsx';
import { Notices } from './notices.tsx';
import { KeepEndedRun } from './outcome/other-seeds.ts';
import { ProgressTrack } from './progress-track.tsx';
import { Readouts } from './readouts.tsx';
import { ResumeOffer } from './resume-offer.tsx';
import { RunButtons } from './run-buttons.tsx';
import { RailFoot } from './settings/rail-foot.tsx';
import { SettingsRail } from './settings/settings-rail.tsx';
import styles from './train-screen.module.css';
import { WallsCard } from './walls/walls-card.tsx';
import { WelcomeCard } from './welcome-card.tsx';

/** Only a narrow page has it. */
const SettingsDrawer = lazy(() => import('./settings/settings-drawer.tsx'));

/** Settings, run bar, walls, heatmaps, charts and events of a run. */
export function TrainScreen() {
  const narrow = useMediaQuery('(max-width: 767px)', undefined, { getInitialValueInEffect: false });
  const fresh = useRunState(({ run }) => run === undefined);
  const runId = useRunState(({ run }) => run?.runId);
  useEffect(() => lookAtRun(runId), [runId]);
  return (
    <div className={styles.screen} data-fresh={fresh || undefined}>
      <KeepEndedRun />
      <RunButtons narrow={narrow} />
      <section className={styles.progress} aria-label="Progress">
        <ProgressTrack />
        <Readouts />
      </section>
      {narrow ? (
        <Suspense fallback={null}>
          <SettingsDrawer />
        </Suspense>
      ) : (
        <SettingsAside />
      )}
      <DropAnywhere />
      <main id="main" className={styles.main} tabIndex={-1}>
        <Notices />
        <ResumeOffer />
        {fresh && <WelcomeCard />}
        <ConclusionCard />
        <div className={styles.centre}>
          <WallsCard />
          {!narrow && <NormsCard />}
        </div>
        <div className={styles.side}>
          <ChartsCard narrow={narrow} />
          {!fresh && <EventList />}
        </div>
      </main>
    </div>
  );
}

function SettingsAside() {
  return (
    <aside className={styles.rail} aria-label="Settings" data-tour="settings">
      <div className={styles.railScroll}>
        <SettingsRail />
      </div>
      <RailFoot />
    </aside>
  );
}
