import '@mantine/core/styles/Menu.layer.css';
import { Button, Menu, SegmentedControl } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { ExportFormat } from '../../exchange/export/export-network.ts';
import type { ArmName } from '../../training/events.ts';
import { ARM_LABELS } from '../arm.ts';
import { useShownArms } from '../train/walls/walls-card.tsx';
import styles from './export-menu.module.css';
import { exportRun } from './run-export.ts';
import { saveFile } from './save-file.ts';

interface ExportItem {
  readonly id: string;
  readonly format: ExportFormat;
  readonly batchNorm: 'folded' | 'kept';
  readonly label: string;
  readonly what: string;
}

const ITEMS: readonly ExportItem[] = [
  { id: 'onnx', format: 'onnx', batchNorm: 'folded', label: 'ONNX', what: 'batch norm folded in' },
  { id: 'onnx-kept', format: 'onnx', batchNorm: 'kept', label: 'ONNX', what: 'batch norm kept' },
  { id: 'pytorch', format: 'pytorch', batchNorm: 'kept', label: 'PyTorch', what: 'zip: weights, model.py, train.py' },
  { id: 'safetensors', format: 'safetensors', batchNorm: 'kept', label: 'safetensors', what: "PyTorch's names" },
  { id: 'tfjs', format: 'tfjs', batchNorm: 'kept', label: 'TensorFlow.js', what: 'zip: model.json, weights.bin' },
];

/** What the arms of the run can be saved as. */
export default function ExportMenu() {
  const arms = useShownArms();
  const [chosen, choose] = useState<ArmName>('craft');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const arm = arms.includes(chosen) ? chosen : (arms[0] ?? 'craft');
  const save = async ({ format, batchNorm }: ExportItem) => {
    setBusy(true);
    setFailure(undefined);
    try {
      const { name, bytes, mediaType } = await exportRun(arm, format, batchNorm);
      saveFile(name, new Blob([bytes], { type: mediaType }));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.foot}>
      <Menu position="top-start" width={268} withinPortal zIndex={310}>
        <Menu.Target>
          <Button
            fullWidth
            variant="default"
            size="sm"
            leftSection={<IconDownload size={16} />}
            loading={busy}
            data-testid="export-run"
          >
            Save the networks
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={styles.menu ?? ''}>
          {arms.length > 1 && (
            <SegmentedControl
              fullWidth
              size="xs"
              aria-label="Arm to save"
              value={arm}
              onChange={(value) => choose(value === 'standard' ? 'standard' : 'craft')}
              data={arms.map((name) => ({ value: name, label: ARM_LABELS[name] }))}
            />
          )}
          {ITEMS.map((item) => (
            <Menu.Item key={item.id} data-testid={`export-${item.id}`} onClick={() => void save(item)}>
              <b>{item.label}</b>
              <span>{item.what}</span>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {failure !== undefined && <p role="alert">{failure}</p>}
    </div>
  );
}
