import { ActionIcon, Menu, useComputedColorScheme } from '@mantine/core';
import { IconHistory, IconKeyboard, IconMenu2, IconMoon, IconRoute, IconShare2, IconSun } from '@tabler/icons-react';
import { usePastRuns } from '../state/store-context.tsx';
import { startTour } from '../state/tour-memory.ts';
import { look } from '../state/view-store.ts';
import styles from './top-bar.module.css';
import { useToggleScheme } from './use-toggle-scheme.ts';

/** On a narrow page: entries without room in the top bar. */
export default function TopMenu() {
  const toggleColorScheme = useToggleScheme();
  const pastRuns = usePastRuns();
  const dark = useComputedColorScheme('light') === 'dark';
  const ThemeIcon = dark ? IconSun : IconMoon;
  return (
    <Menu position="bottom-end" width={232} classNames={{ item: styles.item ?? '' }}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={44} aria-label="Menu">
          <IconMenu2 size={20} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconShare2 size={18} stroke={1.6} />}
          closeMenuOnClick
          onClick={() => look({ shareOpen: true })}
        >
          Share
        </Menu.Item>
        <Menu.Item leftSection={<IconHistory size={18} stroke={1.6} />} onClick={() => pastRuns.set({ open: true })}>
          Past runs
        </Menu.Item>
        <Menu.Item leftSection={<ThemeIcon size={18} stroke={1.6} />} onClick={() => toggleColorScheme()}>
          {dark ? 'Light theme' : 'Dark theme'}
        </Menu.Item>
        <Menu.Item leftSection={<IconRoute size={18} stroke={1.6} />} onClick={startTour}>
          Take the tour
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={18} stroke={1.6} />} onClick={() => look({ helpOpen: true })}>
          Help and keyboard
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
