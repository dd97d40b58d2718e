import { Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { keptRunOf } from '../../client/kept-run-of.ts';
import { differences } from '../../config/difference.ts';
import { formatNumber } from '../../config/quantity.ts';
import { ARM_LABELS, ARMS, type ArmName } from '../../record/arm.ts';
import { readoutText } from '../../record/figures/value-axis.ts';
import type { RunHistory } from '../../record/run-history.ts';
import type { ArmFigures, KeptRun } from '../../worker/runs/kept-run.ts';
import { Alert } from '../kit/alert.tsx';
import { ArmMark } from '../kit/arm-mark.tsx';
import { runTitle } from '../kit/run-words.ts';
import { troubleOf } from '../state/open-run.ts';
import type { RunsTrouble } from '../state/past-runs.ts';
import { usePastRuns, useRunState, useRuns } from '../state/store-context.tsx';
import styles from './compare-runs.module.css';
import { ComparedChart } from './compared-chart.tsx';
import type { ComparedPair } from './runs-dialog.tsx';

interface Compared {
  readonly title: string;
  readonly run: KeptRun;
  readonly history: RunHistory;
}

interface CompareRunsProps {
  readonly pair: ComparedPair;
  readonly onBack: () => void;
}

/** Two runs: their last figures side by side, their settings' difference in words, and the curves of both. */
export function CompareRuns({ pair, onBack }: CompareRunsProps) {
  const shown = useRunState(({ run }) => run);
  const { client } = usePastRuns();
  const runs = useRuns((state) => state.runs);
  const [compared, setCompared] = useState<readonly [Compared, Compared] | undefined>(undefined);
  const [trouble, setTrouble] = useState<RunsTrouble | undefined>(undefined);
  const { ref, width } = useElementSize();
  // biome-ignore lint/correctness/useExhaustiveDependencies: both runs as they are when the comparison is opened.
  useEffect(() => {
    const read = async (id: string): Promise<Compared> => {
      if (id === 'now') {
        const history = shown?.history();
        if (shown === undefined || history === undefined) throw new Error('There is no run on the page.');
        return { title: 'Now', run: keptRunOf(shown, shown.step), history };
      }
      const run = runs?.find(({ runId }) => runId === id);
      const { history, config } = await client.loadHistory(id);
      if (run === undefined) throw new Error('The run is no longer in the list.');
      return { title: runTitle(run), run: { ...run, config }, history };
    };
    Promise.all([read(pair.left), read(pair.right)]).then(setCompared, (error: unknown) =>
      setTrouble(troubleOf(error)),
    );
  }, [pair]);

  return (
    <div className={styles.compare} data-testid="compared-runs">
      <div ref={ref} />
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconArrowLeft size={14} />}
        className={styles.back ?? ''}
        onClick={onBack}
      >
        All runs
      </Button>
      {trouble !== undefined && <Alert text={trouble.message} hint={trouble.hint} />}
      {compared === undefined ? (
        trouble === undefined && <p role="status">Reading both runs</p>
      ) : (
        <Both compared={compared} width={width} />
      )}
    </div>
  );
}

const FIGURES = [
  ['inactiveShare', 'Inactive filters'],
  ['accuracy', 'Held-out accuracy'],
  ['loss', 'Loss'],
] as const satisfies readonly (readonly [keyof ArmFigures, string])[];

function Both({ compared, width }: { readonly compared: readonly [Compared, Compared]; readonly width: number }) {
  const [left, right] = compared;
  const different = differences(right.run.config, left.run.config);
  const arms = ARMS.filter((arm) => compared.some(({ run }) => run.figures[arm] !== undefined));
  return (
    <>
      <table className={styles.figures}>
        <thead>
          <tr>
            <th scope="col">At the end</th>
            {compared.map(({ title, run }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: left and right.
              <th key={place} scope="col">
                {title}
                <span>step {formatNumber(run.step)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {FIGURES.flatMap(([figure, label]) =>
            arms.map((arm) => (
              <tr key={`${figure}-${arm}`}>
                <th scope="row">
                  <ArmMark arm={arm} /> {label}, {ARM_LABELS[arm]}
                </th>
                <td>{figureText(left, arm, figure)}</td>
                <td>{figureText(right, arm, figure)}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
      <h3>Settings</h3>
      {different.length === 0 ? (
        <p>Both have the same settings.</p>
      ) : (
        <ul className={styles.differences}>
          {different.map(({ key, name, value, instead }) => (
            <li key={key}>
              {name}: {instead} → <b>{value}</b>
            </li>
          ))}
        </ul>
      )}
      <ul className={styles.legend}>
        <li>
          <svg width="44" height="10" aria-hidden="true">
            <path d="M0 5h30" />
            <circle cx="36" cy="5" r="4" data-full />
          </svg>
          {left.title}: filled end
        </li>
        <li>
          <svg width="44" height="10" aria-hidden="true">
            <path d="M0 5h30" strokeDasharray="1.5 3.5" />
            <circle cx="36" cy="5" r="3.5" />
          </svg>
          {right.title}: dotted, hollow end
        </li>
        {arms.map((arm) => (
          <li key={arm}>
            <ArmMark arm={arm} /> {ARM_LABELS[arm]}
          </li>
        ))}
      </ul>
      <ComparedChart name="inactiveShare" title="Inactive filters" left={left} right={right} width={width} />
      <ComparedChart name="loss" title="Loss" left={left} right={right} width={width} />
    </>
  );
}

function figureText({ run }: Compared, arm: ArmName, figure: keyof ArmFigures): string {
  const value = run.figures[arm]?.[figure];
  if (value === undefined) return '–';
  return readoutText(figure === 'accuracy' ? 'verification' : figure, value);
}
