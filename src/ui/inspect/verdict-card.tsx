import { Button } from '@mantine/core';
import { IconRefresh, IconScissors } from '@tabler/icons-react';
import { useState } from 'react';
import { formatPercent } from '../../config/quantity.ts';
import type { InspectionSettings } from '../../craft/inspection.ts';
import { noticeText } from '../../formats/outside-text.ts';
import type { InspectionState, InspectionView } from '../../worker/inspection/protocol.ts';
import { Alert } from '../kit/alert.tsx';
import cards from '../kit/card.module.css';
import type { RunsTrouble } from '../state/past-runs.ts';
import { ruleOf, STATE_WORDS } from './filter-mark.ts';
import { useInspect, useTasks } from './page-inspect.ts';
import { TrainOn } from './train-on.tsx';
import styles from './verdict-card.module.css';

/** How many filters are inactive, in a number and a sentence. */
export function VerdictCard() {
  const { report, model, view, state, stale } = useInspect((state) => state);
  const removable = useTasks((tasks) => tasks.removable);
  const [trouble, setTrouble] = useState<RunsTrouble | undefined>(undefined);
  if (report === undefined || model === undefined) return null;
  const { headline, detail } = report.verdicts[view][state];
  const found = report.inspection[view];
  const filters = report.inspection.shape[3];
  const counted = new Set(found[state]);
  const other = state === 'nearZero' ? 'weak' : 'near-zero';
  const alsoFound = found[other === 'weak' ? 'weak' : 'nearZero'].filter((filter) => !counted.has(filter)).length;
  // A count of filters of which some are no numbers would say nothing.
  const known = found.notFinite.length === 0;
  const first = report.layer === model.first;
  return (
    <section className={`${cards.card} ${styles.verdict}`} aria-label="Verdict" data-testid="inspect-verdict">
      <p className={styles.count}>
        <b>{known ? found[state].length : '–'}</b> / {filters}
      </p>
      <div aria-live="polite">
        {stale && (
          <p className={styles.stale} data-testid="inspect-stale">
            Still {noticeText(model.name, 80)}: the file dropped last was not read.
          </p>
        )}
        <h2>{headline}</h2>
        <p>
          {detail}
          {alsoFound > 0 &&
            ` ${alsoFound}${counted.size > 0 ? ' more' : ''} ${alsoFound === 1 ? 'is' : 'are'} ${STATE_WORDS[other]}.`}
        </p>
        {first && removable !== undefined && <p data-testid="inspect-decision">{removable.decision.join(' ')}</p>}
        <p className={styles.rule}>{ruleInWords(report.settings, state, view, first)}</p>
        {trouble !== undefined && (
          <Alert className={styles.stale} data-testid="train-on-failure" text={trouble.message} hint={trouble.hint} />
        )}
      </div>
      <div className={styles.actions}>
        {first && removable?.plans !== undefined && removable.plans.all.channels > 0 && (
          <Button leftSection={<IconScissors size={16} />} onClick={() => show('inspect-slim')}>
            Slim this model
          </Button>
        )}
        {first && removable !== undefined && counted.size > 0 && (
          <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={() => show('inspect-revive')}>
            Revive by training
          </Button>
        )}
        {first && <TrainOn onTrouble={setTrouble} />}
      </div>
    </section>
  );
}

/**
 * The rule that counts, and the means of the paper (abstract of arXiv 2312.00072 v2) where it is of the same kind: all
 * weights near zero, as they are. The paper's own limit is not known.
 */
function ruleInWords(
  settings: InspectionSettings,
  state: InspectionState,
  view: InspectionView,
  first: boolean,
): string {
  const rule = `By the rule "${ruleOf(settings, state)}"${view === 'folded' ? ', batch norm folded in' : ''}.`;
  if (!first) return rule;
  if (state === 'weak' || view === 'folded') return `${rule} The paper counts by another rule.`;
  return `${rule} In the paper, by its own rule "all weights approach zero": Standard ${formatPercent(0.44)}, CRAFT ${formatPercent(0.32)}.`;
}

/** Brings a card into sight. */
function show(id: string): void {
  document.getElementById(id)?.scrollIntoView({ block: 'start' });
}
