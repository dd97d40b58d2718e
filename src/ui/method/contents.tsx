import { Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy, IconExternalLink } from '@tabler/icons-react';
import { ARXIV, BIBTEX } from './citation.ts';
import styles from './contents.module.css';
import { SECTIONS, type SectionId } from './sections.ts';
import { SourcePill } from './source-pill.tsx';
import { useCurrentSection } from './use-current-section.ts';

/** The settings follow the # of the address, so the list does its own scrolling. */
function goTo(id: SectionId): void {
  const heading = document.getElementById(id);
  heading?.scrollIntoView();
  heading?.focus({ preventScroll: true });
}

/** The contents of the Method page with the current part marked, the marks of its sources, and where to read on. */
export function Contents() {
  const current = useCurrentSection();
  return (
    <aside className={styles.aside} aria-label="Contents">
      <nav className={styles.nav} aria-label="On this page">
        <p>On this page</p>
        {SECTIONS.map(({ id, title }) => (
          <button key={id} type="button" aria-current={id === current || undefined} onClick={() => goTo(id)}>
            {title}
          </button>
        ))}
      </nav>
      <div className={styles.legend}>
        <p>Where a statement comes from</p>
        <dl>
          <div>
            <dt>
              <SourcePill source="paper" />
            </dt>
            <dd>the paper’s abstract</dd>
          </div>
          <div>
            <dt>
              <SourcePill source="ours" />
            </dt>
            <dd>explained or chosen here</dd>
          </div>
        </dl>
      </div>
      <div className={styles.buttons}>
        <CopyButton value={BIBTEX}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              size="xs"
              leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'BibTeX'}
            </Button>
          )}
        </CopyButton>
        <Button
          component="a"
          href={ARXIV}
          target="_blank"
          rel="noreferrer"
          variant="default"
          size="xs"
          leftSection={<IconExternalLink size={15} />}
        >
          arXiv
        </Button>
      </div>
    </aside>
  );
}
