import { ActionIcon, Tooltip, useComputedColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconKeyboard, IconMoon, IconSun } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { RunsButton } from '../runs/runs-button.tsx';
import { look } from '../state/view-store.ts';
import { BackendBadge } from './backend-badge.tsx';
import { SCREENS } from './screens.ts';
import { ShareButton } from './share-button.tsx';
import styles from './top-bar.module.css';
import { useToggleScheme } from './use-toggle-scheme.ts';

const TopMenu = lazy(() => import('./top-menu.tsx'));

interface TopBarProps {
  readonly screenId: string;
  readonly onScreen: (id: string) => void;
}

/** Name, tabs, engine, share, theme, help. */
export function TopBar({ screenId, onScreen }: TopBarProps) {
  const narrow = useMediaQuery('(max-width: 1023px)', undefined, { getInitialValueInEffect: false });
  const toggleColorScheme = useToggleScheme();
  const scheme = useComputedColorScheme('light');
  const themeLabel = scheme === 'dark' ? 'Light theme (T)' : 'Dark theme (T)';
  return (
    <header className={styles.bar}>
      <div className={styles.brand}>
        <Logo />
        <h1>
          CRAFT<span className={styles.more}> Playground</span>
        </h1>
      </div>
      <nav className={styles.tabs} aria-label="Screens" data-single={SCREENS.length === 1 || undefined}>
        {SCREENS.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            className={styles.tab}
            aria-current={id === screenId ? 'page' : undefined}
            onClick={() => onScreen(id)}
          >
            {label}
          </button>
        ))}
      </nav>
      <div className={styles.tools}>
        <BackendBadge />
        <RunsButton />
        <ShareButton />
        <Tooltip label={themeLabel}>
          <ActionIcon
            className={styles.wide ?? ''}
            variant="subtle"
            color="gray"
            size={32}
            aria-label={themeLabel}
            onClick={() => toggleColorScheme()}
          >
            {scheme === 'dark' ? <IconSun size={18} stroke={1.6} /> : <IconMoon size={18} stroke={1.6} />}
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Help and keyboard (?)">
          <ActionIcon
            className={styles.wide ?? ''}
            variant="subtle"
            color="gray"
            size={32}
            aria-label="Help and keyboard (?)"
            onClick={() => look({ helpOpen: true })}
          >
            <IconKeyboard size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        {narrow && (
          <Suspense fallback={<span className={styles.menuPlace} />}>
            <TopMenu />
          </Suspense>
        )}
      </div>
    </header>
  );
}

const LOGO = ['std', 'pale', 'grey', 'grey', 'craft', 'std', 'pale', 'grey', 'ink'] as const;

function Logo() {
  return (
    <svg className={styles.logo} width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
      {LOGO.map((shade, place) => {
        const x = (place % 3) * 8.5;
        const y = Math.floor(place / 3) * 8.5;
        return <rect key={`${x} ${y}`} x={x} y={y} width="7" height="7" rx="1.5" data-shade={shade} />;
      })}
    </svg>
  );
}
