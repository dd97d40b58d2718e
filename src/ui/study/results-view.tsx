import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconDownload, IconFileZip, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { StudyRun } from '../../client/study-run.ts';
import { formatNumber } from '../../config/quantity.ts';
import { cellKey } from '../../study/results.ts';
import { ReadingCard } from '../kit/reading-card.tsx';
import { usePastRuns, useRunStore } from '../state/store-context.tsx';
import type { ShownCell } from './cell-readings.ts';
import { CellsCard } from './cells-card.tsx';
import { CurvesCard } from './curves-card.tsx';
import { MoreSeedsCard } from './more-seeds-card.tsx';
import { NoveltyCard } from './novelty-card.tsx';
import { openCell } from './open-cell.ts';
import { OutcomesCard } from './outcomes-card.tsx';
import { PowerCard } from './power-card.tsx';
import { resultsLatex } from './report-files.ts';
import { choicesOf, type ShownStudy } from './shown-study.ts';
import { exportResults, exportStudy } from './study-files.ts';
import { DifferencePlot, InactivePlot } from './study-plots.tsx';
import styles from './study-screen.module.css';
import { type DroppedResults, setStudy, useStudy } from './study-store.ts';
import { SurvivalCard } from './survival-card.tsx';
import { useAnalysis } from './use-analysis.ts';
import { VerdictHead } from './verdict-head.tsx';

interface ResultsViewProps {
  readonly shown: ShownStudy;
  readonly study: StudyRun | undefined;
  readonly dropped: DroppedResults | undefined;
}

/** Verdict, plots and runs of the results shown. */
export function ResultsView({ shown, study, dropped }: ResultsViewProps) {
  const store = useRunStore();
  const pastRuns = usePastRuns();
  const { plan, rows, elsewhere } = shown;
  const analysis = useAnalysis(shown, study, dropped);
  const choices = choicesOf(shown);
  const [wanted, setWanted] = useState(0);
  const [exporting, setExporting] = useState(false);
  const choice = choices[wanted] ?? choices[0];
  if (choice === undefined) return null;
  if (analysis === undefined) {
    const reading = { name: dropped?.name ?? plan.name, done: 0, total: 0 };
    const close = () => setStudy({ dropped: undefined });
    return (
      <ReadingCard
        verb="Judging"
        reading={reading}
        testId="study-judging"
        onCancel={dropped === undefined ? undefined : close}
      />
    );
  }
  const { axes } = choice;
  const isElsewhere = (seed: number, condition: string) => elsewhere.has(cellKey({ seed, condition, axes }));
  const plots = { analysis, axes, elsewhere: isElsewhere };
  return (
    <>
      <VerdictHead
        plan={plan}
        study={study}
        analysis={analysis}
        choice={choice}
        choices={choices}
        onChoice={(next) => setWanted(choices.indexOf(next))}
      >
        <CopyLatex text={() => resultsLatex(plan, analysis, rows)} disabled={rows.length === 0} />
        <Button
          size="xs"
          variant="default"
          data-testid="study-csv"
          leftSection={<IconDownload size={14} />}
          disabled={rows.length === 0}
          onClick={() => exportResults(shown)}
        >
          CSV
        </Button>
        <Button
          size="xs"
          variant="default"
          data-testid="study-export"
          leftSection={<IconFileZip size={14} />}
          loading={exporting}
          onClick={() => {
            setExporting(true);
            void exportStudy(shown, study).finally(() => setExporting(false));
          }}
        >
          Export
        </Button>
      </VerdictHead>
      {dropped !== undefined && <Merged shown={shown} study={study} dropped={dropped} />}
      <div className={`${styles.pair} ${styles.plots}`}>
        <InactivePlot {...plots} />
        <DifferencePlot {...plots} benchmark={plan.primary} />
      </div>
      <div className={styles.wide}>
        <div className={styles.side}>
          <CellsCard
            cells={shown.cells}
            primary={plan.primary}
            resting={study?.phase === 'resting'}
            onOpen={({ own }) => own && void openCell(store, pastRuns, own)}
            onRetry={(cells) => void retryAll(cells)}
          />
          <CurvesCard shown={shown} axes={axes} />
        </div>
        <div className={styles.side}>
          {study !== undefined && <NoveltyCard study={study} axes={axes} />}
          <SurvivalCard analysis={analysis} axes={axes} />
          <PowerCard analysis={analysis} choice={choice} benchmark={plan.primary} />
          <OutcomesCard analysis={analysis} choice={choice} />
          <MoreSeedsCard plan={study?.plan ?? (dropped?.planned ? dropped.plan : undefined)} />
        </div>
      </div>
    </>
  );
}

function CopyLatex({ text, disabled }: { readonly text: () => string; readonly disabled: boolean }) {
  const { copy, copied } = useClipboard();
  return (
    <Button
      size="xs"
      variant="default"
      data-testid="study-latex"
      leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      disabled={disabled}
      onClick={() => copy(text())}
    >
      {copied ? 'Copied' : 'Copy as LaTeX'}
    </Button>
  );
}

/** Where the results come from, and which of them are left out. */
function Merged({ shown, study, dropped }: ResultsViewProps & { readonly dropped: DroppedResults }) {
  const runs = shown.elsewhere.size;
  const parts = [
    `${formatNumber(runs)} ${runs === 1 ? 'run' : 'runs'} of ${dropped.name}`,
    ...(study === undefined ? [] : ['hollow dots, beside those of this browser']),
    ...(shown.leftOut > 0 ? [`${formatNumber(shown.leftOut)} left out: no run of this plan, or trained here too`] : []),
  ];
  const unchecked = !dropped.planned;
  const named = dropped.rows.find((row) => row.study !== shown.plan.name)?.study;
  return (
    <p className={styles.merged} data-testid="study-merged">
      <span>
        {parts.join(', ')}.{unchecked && ' The file has no plan: settings and faces are not known.'}
        {unchecked && named && ` It names another study: ${named.slice(0, 80)}.`}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconX size={12} />}
        onClick={() => setStudy({ dropped: undefined })}
      >
        Close
      </Button>
    </p>
  );
}

async function retryAll(cells: readonly ShownCell[]): Promise<void> {
  const { study, elsewhere } = useStudy.getState();
  if (elsewhere) return;
  for (const { own } of cells) if (own !== undefined) await study?.retry(own.cell);
}
