import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react';
import type { StudyPlan } from '../../study/plan.ts';
import cards from '../kit/card.module.css';
import { DropZone } from '../kit/drop-zone.tsx';
import styles from './more-seeds-card.module.css';
import { dropStudy, exportPlan, refuseDrop } from './study-files.ts';

const COMMAND = 'npm run study -- study.json --out results';

/** The same study on another machine, and its results in these plots. */
export function MoreSeedsCard({ plan }: { readonly plan: StudyPlan | undefined }) {
  const { copy, copied } = useClipboard();
  return (
    <section className={`${cards.card} ${styles.card}`} aria-label="More seeds">
      <div className={cards.header}>
        <h2 className={cards.title}>More seeds, larger networks</h2>
        <span className={cards.spacer} />
        {plan !== undefined && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => exportPlan(plan)}
          >
            study.json
          </Button>
        )}
      </div>
      <div className={styles.content}>
        <p>The plan runs the same on the command line, with more jobs side by side or on several machines.</p>
        <div className={styles.command}>
          <code>{COMMAND}</code>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label="Copy the command"
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            onClick={() => copy(COMMAND)}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        </div>
        <DropZone
          testId="study-drop"
          title="Drop results.csv or a study's .zip"
          lines={['Its seeds appear in these plots as hollow dots. Read here, never uploaded.']}
          inputLabel="Results of a study"
          accept=".csv,.zip,.json"
          onFiles={(files) => void dropStudy(files)}
          onUnreadable={refuseDrop}
        />
      </div>
    </section>
  );
}
