import { Button } from '@mantine/core';
import { IconChartDots3, IconDice5, IconShieldCheck } from '@tabler/icons-react';
import { readConfig } from '../../config/read-config.ts';
import { conclusionOf } from '../../record/conclusion.ts';
import cards from '../kit/card.module.css';
import { useActions, useRun } from '../state/store-context.tsx';
import { look } from '../state/view-store.ts';
import styles from './conclusion-card.module.css';

/** A finished run in words. */
export function ConclusionCard() {
  const run = useRun();
  const actions = useActions();
  const conclusion = run?.phase === 'finished' ? conclusionOf(run) : undefined;
  if (run === undefined || conclusion === undefined) return null;
  // The highest seed has none after it.
  const { config } = readConfig({ seed: run.config.seed + 1 }, run.config);
  const next = config.seed > run.config.seed ? config : { ...config, seed: 1 };
  return (
    <section className={`${cards.card} ${styles.card}`} aria-label="Conclusion" data-testid="run-conclusion">
      <div className={styles.text}>
        <h2>{conclusion.headline}</h2>
        <p>{conclusion.details.join(' ')}</p>
      </div>
      <div className={styles.ways}>
        <Button leftSection={<IconShieldCheck size={17} stroke={1.7} />} onClick={() => look({ screen: 'verify' })}>
          Verify
        </Button>
        {/* It would begin with drawn weights, and be another experiment. */}
        {run.weights === undefined && (
          <Button
            variant="default"
            leftSection={<IconDice5 size={17} stroke={1.7} />}
            onClick={() => actions.trainWith(next)}
          >
            Another seed
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconChartDots3 size={17} stroke={1.7} />}
          onClick={() => look({ screen: 'study' })}
        >
          Study
        </Button>
      </div>
    </section>
  );
}
