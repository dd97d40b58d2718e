import { Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { BIBTEX } from './citation.ts';
import { Section } from './section.tsx';
import styles from './tables.module.css';

interface Work {
  readonly title: string;
  readonly authors: string;
  readonly text: string;
}

const WORKS: readonly Work[] = [
  {
    title: 'Implicit filter sparsity',
    authors: 'Mehta et al. 2019',
    text: 'Batch norm, ReLU and L2 together switch filters off.',
  },
  {
    title: 'Filter grafting',
    authors: 'Meng et al. 2020',
    text: 'Weights from other networks revive weak filters.',
  },
  {
    title: 'Dormant neurons and ReDo',
    authors: 'Sokar et al. 2023',
    text: 'Restarts inactive units in reinforcement learning.',
  },
  {
    title: 'Continual backprop',
    authors: 'Dohare et al. 2024',
    text: 'Restarts little-used units so that a network keeps learning.',
  },
];

/** Related work, and how to cite the paper. */
export function Related() {
  return (
    <Section id="related">
      <div className={styles.columns}>
        <ul className={styles.works}>
          {WORKS.map(({ title, authors, text }) => (
            <li key={title}>
              <b>{title}</b>
              <span>{authors}</span>
              <p>{text}</p>
            </li>
          ))}
        </ul>
        <div className={styles.cite}>
          <div className={styles.citeHead}>
            <h4>Cite the paper</h4>
            <CopyButton value={BIBTEX}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  size="xs"
                  leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
                  data-testid="copy-bibtex"
                  onClick={copy}
                >
                  {copied ? 'Copied' : 'Copy BibTeX'}
                </Button>
              )}
            </CopyButton>
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways, also by key. */}
          <pre tabIndex={0}>{BIBTEX.trim()}</pre>
          <p>This playground is not by the authors.</p>
        </div>
      </div>
    </Section>
  );
}
