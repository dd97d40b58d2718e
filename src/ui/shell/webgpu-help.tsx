import { Modal } from '@mantine/core';
import { useFocusBack } from '../kit/focus-back.ts';
import { look, useView } from '../state/view-store.ts';
import styles from './webgpu-help.module.css';

/** How to give the browser its graphics card. */
export default function WebgpuHelp() {
  const open = useView(({ webgpuHelpOpen }) => webgpuHelpOpen);
  useFocusBack(open);
  return (
    <Modal
      opened={open}
      onClose={() => look({ webgpuHelpOpen: false })}
      title="How to switch WebGPU on"
      size={560}
      centered
    >
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
          The page must come over <code>https</code> or from <code>localhost</code>: browsers give WebGPU to nobody
          else.
        </li>
      </ul>
    </Modal>
  );
}
