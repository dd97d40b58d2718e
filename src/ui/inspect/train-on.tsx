import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { openWeights } from '../state/open-run.ts';
import type { RunsTrouble } from '../state/past-runs.ts';
import { usePastRuns, useRunStore } from '../state/store-context.tsx';
import { openScreen } from '../state/view-store.ts';
import { inspection, useInspect } from './page-inspect.ts';

interface TrainOnProps {
  /** Hears why the run could not be opened; undefined at each new try. */
  readonly onTrouble: (trouble: RunsTrouble | undefined) => void;
}

/** Opens a run on the Train screen that begins with the weights of the open model; of networks trained here. */
export function TrainOn({ onTrouble }: TrainOnProps) {
  const store = useRunStore();
  const pastRuns = usePastRuns();
  const model = useInspect((state) => state.model);
  const [busy, setBusy] = useState(false);
  const own = model?.own;
  if (model === undefined || own === undefined || 'why' in own) return null;
  const open = async () => {
    setBusy(true);
    onTrouble(undefined);
    const opened = await openWeights(store, pastRuns, { files: inspection.files, file: model.file, arm: own.arm });
    setBusy(false);
    if (opened) openScreen('train');
    else onTrouble(pastRuns.state.getState().openFailure);
  };
  return (
    <Button
      variant="default"
      leftSection={<IconPlayerPlay size={16} />}
      data-testid="inspect-train-on"
      title="Opens the Train screen with the settings of this network, CRAFT on, and these weights as the first ones"
      onClick={({ detail }) => {
        if (!busy) void open();
        // The second click of a double one opens and ends nothing.
        else if (detail < 2) pastRuns.state.getState().opening?.cancel?.();
      }}
    >
      {busy ? 'Cancel opening' : 'Train on with CRAFT'}
    </Button>
  );
}
