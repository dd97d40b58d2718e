import { Button, Group, Modal } from '@mantine/core';
import { formatNumber } from '../../config/quantity.ts';
import { useFocusBack } from '../kit/focus-back.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import { look, lookAtNow, useView } from '../state/view-store.ts';

const close = () => look({ resetAsked: false });

/** Asks before the key R ends a long run. */
export default function ResetDialog() {
  const open = useView(({ resetAsked }) => resetAsked);
  const step = useRunState(({ run }) => run?.step ?? 0);
  const { reset } = useActions();
  useFocusBack(open);
  const confirm = () => {
    close();
    lookAtNow();
    reset();
  };
  return (
    <Modal opened={open} onClose={close} title="End this run?" size={420} centered>
      <p>It is at step {formatNumber(step)} and goes back to step 0. The run so far stays in the list of past runs.</p>
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={close}>
          Keep it
        </Button>
        <Button data-autofocus onClick={confirm}>
          End and reset
        </Button>
      </Group>
    </Modal>
  );
}
