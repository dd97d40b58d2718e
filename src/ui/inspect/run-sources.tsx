import { Button } from '@mantine/core';
import { useState } from 'react';
import { exportArm } from '../../client/run-export.ts';
import { isSavable } from '../../client/run-snapshot.ts';
import { formatNumber } from '../../config/quantity.ts';
import { ARM_LABELS, type ArmName } from '../../record/arm.ts';
import { ArmMark } from '../kit/arm-mark.tsx';
import { useShownArms } from '../state/shown-arms.ts';
import { useRun } from '../state/store-context.tsx';
import styles from './inspect-rail.module.css';
import { openModel, refuseModel } from './inspect-store.ts';

/** The run's own arms, to be examined as any model. */
export function RunSources() {
  const run = useRun();
  const arms = useShownArms();
  const [busy, setBusy] = useState<ArmName | undefined>(undefined);
  if (run === undefined) return null;
  const savable = isSavable(run);
  const open = async (arm: ArmName) => {
    setBusy(arm);
    try {
      // A graph, with the batch norm apart, tells order and folding without a guess.
      const { name, bytes } = await exportArm(run, arm, 'onnx', 'kept');
      const title = `${ARM_LABELS[arm]} arm, step ${formatNumber(run.step)}`;
      openModel(title, [{ path: name, file: new File([bytes], name) }]);
    } catch (error) {
      refuseModel(error instanceof Error ? error.message : String(error), '');
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <section>
      <h2>Your run, step {formatNumber(run.step)}</h2>
      {savable ? (
        <div className={styles.pair}>
          {arms.map((arm) => (
            <Button
              key={arm}
              variant="default"
              size="xs"
              leftSection={<ArmMark arm={arm} />}
              loading={busy === arm}
              data-testid={`inspect-arm-${arm}`}
              onClick={() => void open(arm)}
            >
              {ARM_LABELS[arm]}
            </Button>
          ))}
        </div>
      ) : (
        <p className={styles.note}>There is no trained network yet to examine.</p>
      )}
    </section>
  );
}
