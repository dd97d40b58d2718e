import type { ReactNode } from 'react';
import styles from './method-screen.module.css';
import { type SectionId, titleOf } from './sections.ts';

interface SectionProps {
  readonly id: SectionId;
  /** A sentence below the heading. */
  readonly lead?: string;
  /** A control at the heading's right. */
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the page under its heading, which the contents list leads to. */
export function Section({ id, lead, beside, children }: SectionProps) {
  return (
    <section className={styles.section} aria-labelledby={id} data-section={id}>
      <div className={styles.heading}>
        <h3 id={id} tabIndex={-1}>
          {titleOf(id)}
        </h3>
        {beside}
      </div>
      {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      {children}
    </section>
  );
}
