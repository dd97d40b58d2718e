import { Button, Modal } from '@mantine/core';
import { ENGINE_NAMES } from '../../config/engine-names.ts';
import type { EngineInfo } from '../../network/backend.ts';
import { useFocusBack } from '../kit/focus-back.ts';
import { isHardware } from '../state/engine.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import { look, useView } from '../state/view-store.ts';
import styles from './webgpu-help.module.css';

/** How to give the browser its graphics card. */
export default function WebgpuHelp() {
  const open = useView(({ webgpuHelpOpen }) => webgpuHelpOpen);
  const { probe } = useActions();
  const engine = useRunState((state) => state.engine);
  const idle = useRunState(({ run }) => run?.alive !== true);
  useFocusBack(open);
  return (
    <Modal
      opened={open}
      onClose={() => look({ webgpuHelpOpen: false })}
      title="How to switch WebGPU on"
      size={560}
      centered
    >
      <p className={styles.now}>{nowText(engine)}</p>
      <ul className={styles.list}>
        <li>
          <b>Chrome and Edge</b>, version 113 or later, on Windows, macOS and Android: switch on “Use graphics
          acceleration when available” under Settings, System, and start the browser again. <code>chrome://gpu</code>{' '}
          names the cause.
        </li>
        <li>
          <b>Chrome on Linux</b>: open <code>chrome://flags/#enable-unsafe-webgpu</code> and <code>#enable-vulkan</code>
          , enable both and start the browser again. A Vulkan driver of the card must be installed.
        </li>
        <li>
          <b>Safari</b>: version 26 or later. <b>Firefox</b>: version 141 or later on Windows, 145 on macOS with Apple
          chips.
        </li>
        <li>
          The page must come over <code>https</code> or from <code>localhost</code>: browsers offer WebGPU nowhere else.
        </li>
      </ul>
      <div className={styles.again}>
        <code>{engine !== undefined && !isHardware(engine) && refusalText()}</code>
        <Button size="xs" variant="default" disabled={!idle} onClick={probe}>
          Check again
        </Button>
      </div>
    </Modal>
  );
}

/** The browser's own words, to look them up. */
function refusalText(): string {
  return 'gpu' in navigator ? 'navigator.gpu gives no hardware adapter' : 'navigator.gpu is undefined';
}

/** The engine in use, and its consequence. */
function nowText(engine: EngineInfo | undefined): string {
  if (engine === undefined) return 'No engine is known yet.';
  const name = ENGINE_NAMES[engine.backend];
  if (isHardware(engine)) return `Training runs on the graphics card with ${name}: there is nothing to do.`;
  return engine.software
    ? `The browser gave no graphics card, only one emulated on the processor, which is much slower.`
    : `Training runs on the processor with ${name}. That works, and a graphics card is faster. The browser gave no access to one.`;
}
