import { Button, SegmentedControl } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconDownload, IconServer } from '@tabler/icons-react';
import { useState } from 'react';
import { countCells } from '../../study/cells.ts';
import type { StudyPlan } from '../../study/plan.ts';
import cards from '../kit/card.module.css';
import { DropZone } from '../kit/drop-zone.tsx';
import styles from './more-seeds-card.module.css';
import { nodeCommand } from './node-command.ts';
import { dropFiles, exportBundle, exportPlan, refuseDrop } from './study-files.ts';
import { useStudyMeans } from './use-study-means.ts';

/** Where a plan can run besides this page, and how. */
const PLACES = {
  torchrun: {
    label: 'torchrun',
    files: 'study.json · study.py · model.py · faces.npz · pairs · README',
    command: (plan: StudyPlan) =>
      `${unpacked(plan)}torchrun --nproc_per_node=8 study.py --index 0  # to ${countCells(plan) - 1}`,
  },
  slurm: {
    label: 'Slurm',
    files: 'The same bundle; study.sbatch is an array job with a run an index.',
    command: (plan: StudyPlan) => `${unpacked(plan)}sbatch study.sbatch`,
  },
  node: {
    label: 'Node',
    files: 'Needs the files that the command names; --shard 3/16 trains a part of the seeds.',
    command: nodeCommand,
  },
} as const;
type Place = keyof typeof PLACES;

function unpacked({ name }: StudyPlan): string {
  return `unzip ${name}-cluster.zip -d ${name} && cd ${name}\n`;
}

/** The same study on another machine, and its results in these plots. */
export function MoreSeedsCard({ plan }: { readonly plan: StudyPlan | undefined }) {
  const [place, setPlace] = useState<Place>('torchrun');
  const [packing, setPacking] = useState(false);
  const { copy, copied } = useClipboard();
  const { own } = useStudyMeans();
  const { files, command } = PLACES[place];
  const text = plan && command(plan);
  return (
    <section className={`${cards.card} ${styles.card}`} aria-label="More seeds">
      <div className={cards.header}>
        <h2 className={cards.title}>More seeds, larger networks</h2>
      </div>
      <div className={styles.content}>
        <p>
          Exports this study as a PyTorch bundle: same seeds, settings and faces. Drop its results.csv here to see them
          in these plots.
        </p>
        <SegmentedControl
          size="xs"
          aria-label="Where it runs"
          data={Object.entries(PLACES).map(([value, { label }]) => ({ value, label }))}
          value={place}
          onChange={(value) => {
            if (value === 'torchrun' || value === 'slurm' || value === 'node') setPlace(value);
          }}
        />
        <div className={styles.command}>
          <code>{text ?? 'The plan has to be complete first.'}</code>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label="Copy the command"
            disabled={text === undefined}
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            onClick={() => copy(text)}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        </div>
        {plan !== undefined && (
          <Button
            size="xs"
            variant="default"
            data-testid="study-bundle"
            leftSection={place === 'node' ? <IconDownload size={14} /> : <IconServer size={14} />}
            loading={packing}
            onClick={() => {
              if (place === 'node') return exportPlan(plan);
              setPacking(true);
              void exportBundle(plan, own).finally(() => setPacking(false));
            }}
          >
            {place === 'node' ? 'study.json' : 'Run it on a cluster'}
          </Button>
        )}
        <p className={styles.files}>{files}</p>
        <DropZone
          testId="study-drop"
          title="Drop results.csv, a study's .zip, or pairs such as lfw.bin"
          lines={['Seeds of results appear in these plots as hollow dots. Read here, never uploaded.']}
          inputLabel="Results of a study, or pairs to test on"
          accept=".csv,.zip,.json,.bin,.xz"
          onFiles={(dropped) => void dropFiles(dropped)}
          onUnreadable={refuseDrop}
        />
      </div>
    </section>
  );
}
