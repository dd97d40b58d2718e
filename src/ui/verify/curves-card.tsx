import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { formatNumber } from '../../config/quantity.ts';
import { ArmMark } from '../kit/arm-mark.tsx';
import cards from '../kit/card.module.css';
import styles from './curves-card.module.css';
import { useVerify } from './page-verify.ts';
import { RocChart } from './roc-chart.tsx';
import { RowSelect } from './row-select.tsx';
import { ScoreChart } from './score-chart.tsx';
import { TarTable } from './tar-table.tsx';
import { useTable } from './use-table.ts';

type Curve = 'roc' | 'scores';

const TITLES: Readonly<Record<Curve, string>> = {
  roc: 'Match rate against false accepts',
  scores: 'Similarity of the pairs',
};

/** The chosen benchmark in detail: ROC or scores of each network, TAR at fixed rates, AUC and EER. */
export function CurvesCard() {
  const { shown } = useTable();
  const columns = useVerify((state) => state.columns);
  const [curve, setCurve] = useState<Curve>('roc');
  if (shown?.result === undefined) {
    return (
      <section className={`${cards.card} ${styles.card}`} aria-label="Curves">
        <div className={styles.header}>
          <h2 className={cards.title}>{TITLES.roc}</h2>
        </div>
        <p className={styles.empty}>Two lines will grow here, with the rates below, once a row is filled in.</p>
      </section>
    );
  }
  const { result } = shown;
  const different = result.pairs - result.samePairs;
  return (
    <section className={`${cards.card} ${styles.card}`} aria-label="Curves" data-testid="verify-curves">
      <div className={styles.header}>
        <h2 className={cards.title}>{TITLES[curve]}</h2>
        <span className={cards.spacer} />
        <SegmentedControl
          size="xs"
          aria-label="Curve"
          value={curve}
          onChange={(value) => setCurve(value === 'scores' ? 'scores' : 'roc')}
          data={[
            { value: 'roc', label: 'ROC' },
            { value: 'scores', label: 'Scores' },
          ]}
        />
        <RowSelect label="Benchmark of the curves" />
      </div>
      <p className={styles.legend}>
        {columns.map(({ id, name, mark }) => (
          <span key={id}>
            <ArmMark arm={mark} /> {name}
          </span>
        ))}
      </p>
      {curve === 'roc' ? (
        <RocChart result={result} columns={columns} label={shown.label} />
      ) : (
        <ScoreChart result={result} columns={columns} label={shown.label} />
      )}
      <TarTable result={result} columns={columns} />
      <p className={styles.note}>
        † {formatNumber(different)} pairs of different people cannot resolve a rate under {shortRate(1 / different)}, or
        the thresholds of the folds do not keep it. EER: equal error rate. AUC: area under the ROC.
      </p>
    </section>
  );
}

function shortRate(rate: number): string {
  return formatNumber(Number(rate.toPrecision(1)));
}
