import { Drawer } from '@mantine/core';
import { useFocusBack } from '../../kit/focus-back.ts';
import { look, useView } from '../../state/view-store.ts';
import styles from '../train-screen.module.css';
import { RailFoot } from './rail-foot.tsx';
import { SettingsRail } from './settings-rail.tsx';

/** The settings of a narrow page, drawn up from below. */
export default function SettingsDrawer() {
  const open = useView(({ settingsOpen }) => settingsOpen);
  useFocusBack(open);
  const close = () => look({ settingsOpen: false, lookedUp: undefined });
  return (
    <Drawer
      opened={open}
      onClose={close}
      position="bottom"
      size="84%"
      radius={16}
      title="Settings"
      keepMounted
      overlayProps={{ color: '#0f141a', backgroundOpacity: 0.45 }}
      classNames={{ body: styles.drawer ?? '', content: styles.drawerContent ?? '' }}
    >
      <div className={styles.railScroll}>
        <SettingsRail />
      </div>
      <RailFoot onDone={close} />
    </Drawer>
  );
}
