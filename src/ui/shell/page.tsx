import { useState } from 'react';
import { ErrorBoundary } from './error-boundary.tsx';
import { HelpDialog } from './help-dialog.tsx';
import styles from './page.module.css';
import { SCREENS } from './screens.ts';
import { useShortcuts } from './shortcuts.ts';
import { TopBar } from './top-bar.tsx';
import { useLink } from './use-link.ts';
import { useTitle } from './use-title.ts';
import { WebgpuHelp } from './webgpu-help.tsx';

/** Top bar and the screen of the chosen tab. */
export function Page() {
  const [screenId, setScreenId] = useState(SCREENS[0].id);
  const screen = SCREENS.find(({ id }) => id === screenId) ?? SCREENS[0];
  useShortcuts({ chooseScreen: (place) => setScreenId((before) => SCREENS[place]?.id ?? before) });
  useLink();
  useTitle();
  return (
    <div className={styles.page}>
      <a className={`visually-hidden ${styles.skip}`} href="#main">
        Skip to the filters
      </a>
      <TopBar screenId={screen.id} onScreen={setScreenId} />
      <ErrorBoundary key={screen.id}>
        <screen.Component />
      </ErrorBoundary>
      <HelpDialog />
      <WebgpuHelp />
    </div>
  );
}
