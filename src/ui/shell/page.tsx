import { NoticeStack } from '../kit/notice-stack.tsx';
import { LazyRuns } from '../runs/lazy-runs.tsx';
import { openScreen, useView } from '../state/view-store.ts';
import { LazyTour } from '../tour/lazy-tour.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { LazyDialogs } from './lazy-dialogs.tsx';
import styles from './page.module.css';
import { SCREENS } from './screens.ts';
import { useShortcuts } from './shortcuts.ts';
import { TopBar } from './top-bar.tsx';
import { useLink } from './use-link.ts';
import { usePlace } from './use-place.ts';
import { useTitle } from './use-title.ts';
import { VersionNotice } from './version-notice.tsx';

/** A link would change the address, whose # holds the settings. */
function skipToMain(): void {
  document.getElementById('main')?.focus();
}

/** Keys, address and title: apart, so that the screen does not render again with every per cent in the title. */
function Behaviour() {
  useShortcuts();
  useLink();
  usePlace();
  useTitle();
  return null;
}

/** Top bar and the screen of the chosen tab. */
export function Page() {
  const screenId = useView((view) => view.screen);
  const screen = SCREENS.find(({ id }) => id === screenId) ?? SCREENS[0];
  return (
    <div className={styles.page}>
      <Behaviour />
      <button type="button" className={`visually-hidden ${styles.skip}`} onClick={skipToMain}>
        Skip to the filters
      </button>
      <TopBar screenId={screen.id} onScreen={openScreen} />
      <NoticeStack aboveBar={screen.id === 'train' || screen.id === 'study'} />
      <ErrorBoundary key={screen.id}>
        <screen.Component />
      </ErrorBoundary>
      <LazyRuns />
      <LazyDialogs />
      <LazyTour />
      <VersionNotice />
    </div>
  );
}
