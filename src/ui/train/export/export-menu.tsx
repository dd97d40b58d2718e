import { ARM_LABELS, type ArmName } from '../../../record/arm.ts';
import { Alert, type AlertWords } from '../../kit/alert.tsx';
import '@mantine/core/styles/Menu.layer.css';
import { Button, Menu, SegmentedControl } from '@mantine/core';
import {
  IconChartLine,
  IconChevronDown,
  IconDownload,
  IconFile,
  IconFileZip,
  IconMovie,
  IconPhoto,
} from '@tabler/icons-react';
import { type ComponentType, useState } from 'react';
import { keptRunOf } from '../../../client/kept-run-of.ts';
import type { PageRun } from '../../../client/page-run.ts';
import { RunFileError, type RunsClient } from '../../../client/runs-client.ts';
import { formatPercent } from '../../../config/quantity.ts';
import type { ExportFormat } from '../../../exchange/export/export-network.ts';
import { drawFigure, type Figure } from '../../../record/figures/figures.ts';
import { runInWords } from '../../../record/figures/run-in-words.ts';
import { figureFile, figureFiles } from '../../kit/figure-files.ts';
import { saveFile } from '../../kit/save-file.ts';
import type { RunState } from '../../state/run-state.ts';
import { useShownArms } from '../../state/shown-arms.ts';
import { usePastRuns, useRunState, useRunStore } from '../../state/store-context.tsx';
import { chosenFace } from '../../state/use-run-face.ts';
import { useView } from '../../state/view-store.ts';
import styles from './export-menu.module.css';
import { filmOf } from './film.ts';

interface FigureItem {
  readonly id: string;
  readonly figure: Figure;
  readonly kind: 'png' | 'svg';
  readonly label: string;
  readonly detail: string;
  readonly Icon: ComponentType<{ size: number; stroke: number }>;
}

const FIGURES: readonly FigureItem[] = [
  {
    id: 'walls-png',
    figure: 'filter-walls',
    kind: 'png',
    label: 'Filter walls',
    detail: 'PNG, both arms, 2×',
    Icon: IconPhoto,
  },
  {
    id: 'walls-svg',
    figure: 'filter-walls',
    kind: 'svg',
    label: 'Filter walls',
    detail: 'SVG, both arms',
    Icon: IconPhoto,
  },
  {
    id: 'responses-png',
    figure: 'response-walls',
    kind: 'png',
    label: 'Responses',
    detail: 'PNG, both arms, to the chosen face',
    Icon: IconPhoto,
  },
  {
    id: 'parts-png',
    figure: 'filter-parts',
    kind: 'png',
    label: 'Filters as σ, R, G, B',
    detail: 'PNG, both arms, in grey as the paper',
    Icon: IconPhoto,
  },
  {
    id: 'charts-png',
    figure: 'charts',
    kind: 'png',
    label: 'Charts',
    detail: 'PNG, both arms, 2×',
    Icon: IconChartLine,
  },
  { id: 'charts-svg', figure: 'charts', kind: 'svg', label: 'Charts', detail: 'SVG, both arms', Icon: IconChartLine },
];

interface ModelItem {
  readonly id: string;
  readonly format: ExportFormat;
  readonly batchNorm: 'folded' | 'kept';
  readonly label: string;
  readonly detail: string;
}

const MODELS: readonly ModelItem[] = [
  { id: 'onnx', format: 'onnx', batchNorm: 'folded', label: 'ONNX', detail: 'batch norm folded in' },
  { id: 'onnx-kept', format: 'onnx', batchNorm: 'kept', label: 'ONNX', detail: 'batch norm kept' },
  { id: 'pytorch', format: 'pytorch', batchNorm: 'kept', label: 'PyTorch', detail: 'zip: weights, model.py, train.py' },
  { id: 'safetensors', format: 'safetensors', batchNorm: 'kept', label: 'safetensors', detail: "PyTorch's names" },
  { id: 'tfjs', format: 'tfjs', batchNorm: 'kept', label: 'TensorFlow.js', detail: 'zip: model.json, weights.bin' },
];

interface Download {
  readonly name: string;
  readonly content: Blob;
}

/** The whole run as one .zip: networks, numbers, pictures, and everything needed to resume. */
async function wholeRun(run: PageRun, state: RunState, client: Pick<RunsClient, 'pack'>): Promise<Download> {
  // A run names the user's own faces and holds none of them, so its responses are to a drawn one; without one the zip
  // lacks that picture and nothing else.
  const face = await chosenFace(state, false).catch(() => undefined);
  const { history, checkpoint } = await run.snapshot();
  const { record } = run;
  const words = runInWords(record.config, record.started?.engine, record.name);
  const pictures = await figureFiles(record, words, face);
  const kept = keptRunOf(record, checkpoint.step);
  const { name, bytes, mediaType } = await client.pack({ run: kept, history, checkpoint, pictures });
  return { name, content: new Blob([bytes], { type: mediaType }) };
}

/** The downloads of a run. */
export default function ExportMenu({ run }: { readonly run: PageRun }) {
  const { record } = run;
  const arms = useShownArms();
  const store = useRunStore();
  const { client } = usePastRuns();
  const pinned = useView(({ pinnedStep }) => pinnedStep);
  const [chosen, choose] = useState<ArmName>('craft');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AlertWords | undefined>(undefined);
  /** Share of the film that is written, while one is. */
  const [filmed, setFilmed] = useState<number | undefined>(undefined);
  const arm = arms.includes(chosen) ? chosen : (arms[0] ?? 'craft');
  const several = useRunState((state) => (state.run?.config.arms ?? 'both') === 'both');

  const save = (make: () => Promise<Download>) => async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const { name, content } = await make();
      saveFile(name, content);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      setFailure(error instanceof RunFileError ? { text, hint: error.hint } : { text });
    } finally {
      setBusy(false);
    }
  };
  const figure = ({ figure: shown, kind }: FigureItem) =>
    save(async () => {
      const step = shown === 'charts' ? undefined : pinned;
      const face = shown === 'response-walls' ? await chosenFace(store.getState(), true) : undefined;
      const words = runInWords(record.config, record.started?.engine, record.name);
      const drawing = drawFigure(shown, record, words, { step, face });
      return { name: `${shown}-step-${step ?? record.step}.${kind}`, content: await figureFile(drawing, kind) };
    });
  const film = save(async () => {
    const words = runInWords(record.config, record.started?.engine, record.name);
    try {
      return await filmOf(record, words, await chosenFace(store.getState(), true), setFilmed);
    } finally {
      setFilmed(undefined);
    }
  });
  const numbers = save(async () => {
    const { history, checkpoint } = await run.snapshot();
    const { name, bytes, mediaType } = await client.writeNumbers(history, checkpoint.step);
    return { name, content: new Blob([bytes], { type: mediaType }) };
  });
  const model = ({ format, batchNorm }: ModelItem) =>
    save(async () => {
      const { name, bytes, mediaType } = await client.writeNetwork({
        checkpoint: await run.checkpoint(),
        arm,
        format,
        batchNorm,
      });
      return { name, content: new Blob([bytes], { type: mediaType }) };
    });

  return (
    <>
      <Menu position="top-start" width={268} withinPortal zIndex={310}>
        <Menu.Target>
          <Button
            fullWidth
            variant="default"
            size="sm"
            leftSection={<IconDownload size={16} />}
            rightSection={<IconChevronDown size={14} />}
            loading={busy}
            className={styles.export ?? ''}
            data-testid="export-run"
          >
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={styles.menu ?? ''}>
          <Item
            id="zip"
            label="Whole run"
            detail="zip: networks, numbers, pictures; can be opened again"
            Icon={IconFileZip}
            onClick={save(() => wholeRun(run, store.getState(), client))}
          />
          <Menu.Divider />
          {FIGURES.map((item) => (
            <Item key={item.id} {...item} onClick={figure(item)} />
          ))}
          <Item
            id="film"
            label="Film of the walls"
            detail="weights and responses over the run, video"
            Icon={IconMovie}
            onClick={film}
          />
          <Item
            id="csv"
            label="Numbers over time"
            detail="CSV, a row for each reading"
            Icon={IconFile}
            onClick={numbers}
          />
          <Menu.Divider />
          <div className={styles.arms}>
            {several ? (
              <SegmentedControl
                fullWidth
                size="xs"
                aria-label="Arm whose model is saved"
                value={arm}
                onChange={(value) => choose(value === 'standard' ? 'standard' : 'craft')}
                data={arms.map((name) => ({ value: name, label: ARM_LABELS[name] }))}
              />
            ) : (
              <span>Model</span>
            )}
          </div>
          {MODELS.map((item) => (
            <Item key={item.id} {...item} Icon={IconFile} onClick={model(item)} />
          ))}
        </Menu.Dropdown>
      </Menu>
      {filmed !== undefined && (
        <p className={styles.filming} role="status">
          Filming: {formatPercent(filmed)}
        </p>
      )}
      {failure !== undefined && <Alert className={styles.failure} {...failure} />}
    </>
  );
}

interface ItemProps {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly Icon: ComponentType<{ size: number; stroke: number }>;
  readonly onClick: () => Promise<void>;
}

function Item({ id, label, detail, Icon, onClick }: ItemProps) {
  return (
    <Menu.Item
      leftSection={<Icon size={17} stroke={1.5} />}
      data-testid={`export-${id}`}
      onClick={() => void onClick()}
    >
      <b>{label}</b>
      <span>{detail}</span>
    </Menu.Item>
  );
}
