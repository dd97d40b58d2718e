import { Button, Loader } from '@mantine/core';
import { formatExponential, formatFixed, formatNumber, formatPercent } from '../../config/quantity.ts';
import { noticeText } from '../../formats/outside-text.ts';
import type { AblationResult } from '../../worker/inspection/protocol.ts';
import { unreadableDrop } from '../kit/dropped-files.ts';
import { UnreadableImages } from '../kit/unreadable-images.tsx';
import { useFileDrop } from '../kit/use-file-drop.ts';
import styles from './ablation-bar.module.css';
import type { TasksState } from './model-tasks-store.ts';
import { inspection, useTasks } from './page-inspect.ts';
import { PairsChoice, takePairs } from './pairs-choice.tsx';

/** Switches first-layer filters off, and reports the change; of models that can be run. */
export function AblationBar({ filters }: { readonly filters: number }) {
  const { removable, ablating, off, measuring, progress, result, changes, failure } = useTasks((state) => state);
  const { target } = useFileDrop(takePairs, (error) => inspection.tasks.refusePairs(unreadableDrop(error)));
  if (removable?.plans === undefined) return null;
  return (
    <div className={styles.bar} data-testid="inspect-ablation" {...target}>
      <Button
        size="xs"
        variant={ablating ? 'filled' : 'default'}
        aria-pressed={ablating}
        data-testid="ablate-switch"
        onClick={() => inspection.tasks.ablate(!ablating)}
      >
        {ablating ? 'All on' : 'Switch filters off'}
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={measuring !== undefined}
        data-testid="ablate-each"
        onClick={() => inspection.tasks.measureEach(filters)}
      >
        {changes.size > 0 ? 'Measure all again' : 'Measure all'}
      </Button>
      <PairsChoice />
      {measuring !== undefined && <Loader size={16} aria-label="Measuring" />}
      <p role="status">
        {failure !== undefined
          ? `${noticeText(failure.message)} ${noticeText(failure.hint)}`
          : measuring === 'each'
            ? `${changes.size} of ${filters} filters measured: change of embeddings with that filter off`
            : result !== undefined
              ? inWords(result)
              : ablating
                ? off.length === 0
                  ? 'Click filters to switch them off: their weights and biases become zero.'
                  : `The network runs with and without them${progressInWords(progress)}.`
                : changes.size > 0
                  ? `Bars: change of embeddings with that filter off; the longest is ${small(Math.max(...changes.values()))} (1 − cosine).`
                  : 'How much each filter changes the answers, measured on the pairs chosen here; drop your own on this bar.'}
      </p>
      {result?.unreadable !== undefined && <UnreadableImages images={result.unreadable} />}
    </div>
  );
}

function inWords({ filters, change, pairs, pairCount, accuracy: [before, after], interval }: AblationResult): string {
  const points = (share: number) => formatFixed(100 * share, 1);
  const range = interval === undefined ? '' : ` [${points(interval[0])}, ${points(interval[1])}]`;
  const difference = `${points(after - before)}${range} points`;
  return `${filters.slice(0, 12).join(', ')}${filters.length > 12 ? ' and others' : ''} off: 1 − cosine ${small(change)} · ${pairs}, ${formatNumber(pairCount)} pairs: ${formatPercent(before, 1)} → ${formatPercent(after, 1)}, ${difference}`;
}

function progressInWords(progress: TasksState['progress']): string {
  return progress === undefined ? '' : `: image ${formatNumber(progress.done)} of ${formatNumber(progress.total)}`;
}

function small(value: number): string {
  return value < 0.0005 ? formatExponential(value, 0) : value.toFixed(3);
}
