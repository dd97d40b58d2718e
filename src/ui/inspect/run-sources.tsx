import { Button } from '@mantine/core';
import { useState } from 'react';
import { formatNumber } from '../../config/quantity.ts';
import { ARM_LABELS, type ArmName } from '../../record/arm.ts';
import { ArmMark } from '../kit/arm-mark.tsx';
import { useShownArms } from '../state/shown-arms.ts';
import { usePageRun, usePastRuns } from '../state/store-context.tsx';
import styles from './inspect-rail.module.css';
import { inspection } from './page-inspect.ts';

/** The run's own arms, to be examined as any model. */
export function RunSources() {
  const pageRun = usePageRun();
  const { client } = usePastRuns();
  const arms = useShownArms();
  const [busy, setBusy] = useState<ArmName | undefined>(undefined);
  if (pageRun === undefined) return null;
  const { record: run, savable } = pageRun;
  const open = async (arm: ArmName) => {
    setBusy(arm);
    try {
      // With the class centres, for training on; its graph follows from the settings in it.
      const checkpoint = await pageRun.checkpoint();
      const { name, bytes } = await client.writeNetwork({
        checkpoint,
        arm,
        format: 'safetensors',
        batchNorm: 'kept',
      });
      const title = `${ARM_LABELS[arm]} arm, step ${formatNumber(run.step)}`;
      inspection.openModel(title, [{ path: name, file: new File([bytes], name) }]);
    } catch (error) {
      inspection.refuseModel(error instanceof Error ? error.message : String(error), '');
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
