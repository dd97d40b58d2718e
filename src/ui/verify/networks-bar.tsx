import { Button, CloseButton, NativeSelect } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { RunRecord } from '../../client/run-record.ts';
import { formatNumber } from '../../config/quantity.ts';
import { noticeText } from '../../formats/outside-text.ts';
import { ARM_LABELS, type ArmName } from '../../record/arm.ts';
import { shownLayer } from '../../record/shown-layer.ts';
import type { InputCoding, NetworkSummary } from '../../worker/verification/protocol.ts';
import { ArmMark } from '../kit/arm-mark.tsx';
import { dropName } from '../kit/dropped-files.ts';
import { PickFiles } from '../kit/pick-files.tsx';
import { useShownArms } from '../state/shown-arms.ts';
import { useRun, useRunState } from '../state/store-context.tsx';
import { type Column, columnsOf } from './columns.ts';
import styles from './networks-bar.module.css';
import { useVerify, verification } from './page-verify.ts';

/** How bytes become numbers, of models from elsewhere. */
const SCALINGS: { readonly value: InputCoding['scaling']; readonly label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: '127.5', label: '(x − 127.5) / 127.5' },
  { value: '128', label: '(x − 127) / 128' },
  { value: '0-255', label: '0 to 255' },
  { value: '0-1', label: 'x / 255' },
];
const PAIRS = [200, 600, 1000, 2000, 6000];

/** The next verification: the run or opened models, on how many built-in pairs. */
export function NetworksBar() {
  const subject = useVerify((state) => state.subject);
  const opened = useVerify((state) => state.opened);
  const pairs = useVerify((state) => state.pairs);
  const busy = useVerify(({ job, asking }) => asking || job !== undefined);
  const hasRun = useRunState(({ run }) => run !== undefined);
  return (
    <section className={styles.bar} aria-label="Networks to verify" data-testid="verify-networks">
      {subject === 'files' ? <OpenedNetworks networks={opened} busy={busy} /> : <RunNetworks />}
      <span className={styles.actions}>
        <PickFiles
          label={subject === 'files' && opened.length === 1 ? 'Add a second model' : 'Choose a model'}
          icon={<IconPlus size={16} />}
          testId="verify-add-model"
          inputLabel="Model or saved run"
          onFiles={(files) => verification.takeFiles(dropName(files), files, 'anything')}
        />
        {subject === 'files' && hasRun && (
          <Button
            variant="default"
            size="sm"
            disabled={busy}
            data-testid="verify-use-run"
            onClick={() => verification.chooseRun()}
          >
            Use the run on this page
          </Button>
        )}
      </span>
      <span className={styles.spacer} />
      {subject === 'files' && opened.some(({ coded }) => coded) && <CodingFields busy={busy} />}
      <NativeSelect
        className={styles.field ?? ''}
        label="Built-in pairs a row"
        size="xs"
        value={String(pairs)}
        disabled={busy}
        data-testid="verify-pairs"
        data={PAIRS.map((count) => ({ value: String(count), label: formatNumber(count) }))}
        onChange={(event) => verification.choose({ pairs: Number(event.currentTarget.value) })}
      />
    </section>
  );
}

function RunNetworks() {
  const run = useRun();
  const arms = useShownArms();
  if (run === undefined) return <span className={styles.from}>No run on this page yet.</span>;
  const moving = run.phase === 'running' ? '; training continues meanwhile' : '';
  return (
    <span className={styles.networks}>
      {arms.map((arm) => (
        <span key={arm} className={styles.network}>
          <ArmMark arm={arm} />
          <b>{ARM_LABELS[arm]}</b>
          <RunFirstLayer run={run} arm={arm} />
        </span>
      ))}
      <span className={styles.from}>
        Your run, now at step {formatNumber(run.step)}
        {moving}
      </span>
    </span>
  );
}

function OpenedNetworks({ networks, busy }: { readonly networks: readonly NetworkSummary[]; readonly busy: boolean }) {
  return (
    <span className={styles.networks}>
      {columnsOf(networks).map((column) => (
        <span key={column.id} className={styles.network} data-testid="verify-network">
          <ArmMark arm={column.mark} />
          <b>{noticeText(column.name)}</b>
          <span className={styles.from}>{noticeText(detailOf(column))}</span>
          <CloseButton
            size="sm"
            disabled={busy}
            aria-label={`Take ${noticeText(column.name)} away`}
            onClick={() => verification.closeOpened(column.id)}
          />
        </span>
      ))}
    </span>
  );
}

function detailOf({ name, network }: Column): string {
  const step = network.step === undefined ? '' : `step ${formatNumber(network.step)}, `;
  const from = name.includes(network.detail) ? '' : `${network.detail}, `;
  const { firstLayer } = network;
  const layer = firstLayer && { ...firstLayer, inactive: firstLayer.inactive.length };
  return network.arm === undefined
    ? network.detail
    : `${from}${step}${network.size} px${layer ? `, ${firstLayerText(layer)}` : ''}`;
}

/** As last read. */
function RunFirstLayer({ run, arm }: { readonly run: RunRecord; readonly arm: ArmName }) {
  const layer = shownLayer(run, arm);
  if (layer === undefined) return null;
  const { inactiveCount, use } = layer.view;
  const checked = {
    filters: layer.states.length,
    inactive: inactiveCount,
    unused: use === undefined ? undefined : layer.unused.size,
  };
  return <span className={styles.from}>{firstLayerText(checked)}</span>;
}

/** "13 of 32 filters inactive, 24 unused": an unused one may be active, and the next layer takes nothing of it. */
function firstLayerText(layer: {
  readonly filters: number;
  readonly inactive: number;
  readonly unused: number | undefined;
}): string {
  const unused = layer.unused === undefined ? '' : `, ${layer.unused} unused`;
  return `${layer.inactive} of ${layer.filters} filters inactive${unused}`;
}

function CodingFields({ busy }: { readonly busy: boolean }) {
  const coding = useVerify((state) => state.coding);
  return (
    <>
      <NativeSelect
        className={styles.field ?? ''}
        label="Model input"
        size="xs"
        value={coding.scaling}
        disabled={busy}
        data-testid="verify-scaling"
        data={SCALINGS}
        onChange={(event) => {
          const chosen = SCALINGS.find(({ value }) => value === event.currentTarget.value);
          if (chosen !== undefined) verification.choose({ coding: { ...coding, scaling: chosen.value } });
        }}
      />
      <NativeSelect
        className={styles.field ?? ''}
        label="Colours"
        size="xs"
        value={coding.colours}
        disabled={busy}
        data-testid="verify-colours"
        data={['RGB', 'BGR']}
        onChange={(event) =>
          verification.choose({ coding: { ...coding, colours: event.currentTarget.value === 'BGR' ? 'BGR' : 'RGB' } })
        }
      />
    </>
  );
}
