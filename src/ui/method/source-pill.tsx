import { IconAdjustmentsHorizontal, IconFile } from '@tabler/icons-react';
import styles from './source-pill.module.css';

/** Who says so: the paper's abstract, or this project. */
export type Source = 'paper' | 'ours';

const LABELS: Readonly<Record<Source, string>> = { paper: 'paper', ours: 'our reading' };

/** The icon that goes with a source. */
export function SourceIcon({ source, size }: { readonly source: Source; readonly size: number }) {
  const Icon = source === 'paper' ? IconFile : IconAdjustmentsHorizontal;
  return <Icon size={size} stroke={1.7} aria-hidden="true" />;
}

/** Marks where the sentence before it comes from. */
export function SourcePill({ source }: { readonly source: Source }) {
  return (
    <span className={styles.pill} data-source={source}>
      <SourceIcon source={source} size={11} />
      {LABELS[source]}
    </span>
  );
}
