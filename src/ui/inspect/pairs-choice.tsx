import { NativeSelect } from '@mantine/core';
import { useEffect } from 'react';
import { formatNumber } from '../../config/quantity.ts';
import { noticeText } from '../../formats/outside-text.ts';
import type { DrawnPairs } from '../../worker/inspection/protocol.ts';
import type { ImportFile } from '../../worker/protocol.ts';
import { dropName } from '../kit/dropped-files.ts';
import { PickFiles } from '../kit/pick-files.tsx';
import { offerPairs, usePairFiles } from '../state/pair-files.ts';
import styles from './ablation-bar.module.css';
import { inspection, useTasks } from './page-inspect.ts';

const DRAWN: readonly { readonly value: DrawnPairs; readonly label: string }[] = [
  { value: 'lfw', label: 'Drawn LFW' },
  { value: 'cfp-fp', label: 'Drawn CFP-FP' },
  { value: 'agedb-30', label: 'Drawn AgeDB-30' },
  { value: 'calfw', label: 'Drawn CALFW' },
  { value: 'cplfw', label: 'Drawn CPLFW' },
];
const COUNTS = [200, 600, 2000, 6000] as const;
const OF_FILES = 'files/';

/** The pairs that ablations are judged on: drawn ones, those that Verify was given, or files picked here. */
export function PairsChoice() {
  const { pairs, pairsShown } = useTasks((state) => state);
  const sets = usePairFiles((state) => state.sets);
  // Sets that the worker has recognised are offered on this screen, too.
  useEffect(() => {
    if (pairs.kind === 'files' && pairsShown !== undefined) offerPairs({ name: pairsShown.name, files: pairs.files });
  }, [pairs, pairsShown]);
  const chosen = pairs.kind === 'drawn' ? pairs.variation : `${OF_FILES}${pairsShown?.name ?? pairs.name}`;
  const choose = (value: string) => {
    const set = sets.find(({ name }) => `${OF_FILES}${name}` === value);
    const drawn = DRAWN.find((one) => one.value === value);
    const { count } = pairs;
    if (set !== undefined) inspection.tasks.choosePairs({ kind: 'files', ...set, count });
    else if (drawn !== undefined) inspection.tasks.choosePairs({ kind: 'drawn', variation: drawn.value, count });
  };
  return (
    <div className={styles.pairs}>
      <NativeSelect
        size="xs"
        aria-label="Pairs"
        data-testid="ablation-pairs"
        value={chosen}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[...DRAWN, ...sets.map(({ name }) => ({ value: `${OF_FILES}${name}`, label: noticeText(name, 40) }))]}
      />
      <NativeSelect
        size="xs"
        aria-label="Pairs at most"
        data-testid="ablation-pair-count"
        value={String(pairs.count)}
        onChange={(event) => inspection.tasks.choosePairs({ ...pairs, count: Number(event.currentTarget.value) })}
        data={COUNTS.map((count) => ({ value: String(count), label: `${formatNumber(count)} pairs` }))}
      />
      <PickFiles
        size="xs"
        label="Own pairs"
        testId="ablation-own-pairs"
        inputLabel="Pairs to judge filters on"
        onFiles={takePairs}
      />
      {pairsShown?.of !== undefined && (
        <span data-testid="ablation-pairs-found">
          {formatNumber(pairsShown.count)} of {formatNumber(pairsShown.of)} pairs
        </span>
      )}
    </div>
  );
}

/** Takes the user's own pairs: an official .bin, a folder or .zip of people, or a list with its photos. */
export function takePairs(files: readonly ImportFile[]): void {
  if (files.length === 0) return;
  const { count } = inspection.tasks.state.getState().pairs;
  inspection.tasks.choosePairs({ kind: 'files', name: dropName(files), files, count });
}
