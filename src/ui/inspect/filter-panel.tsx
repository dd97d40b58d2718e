import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { formatFixed } from '../../config/quantity.ts';
import cards from '../kit/card.module.css';
import { KernelParts } from '../kit/kernel-parts.tsx';
import { KernelThumbnail } from '../kit/kernel-thumbnail.tsx';
import { byNorm, fullOf, STATE_WORDS, shortNumber } from './filter-mark.ts';
import styles from './filter-panel.module.css';
import { inspection, useInspect } from './page-inspect.ts';

const MOST_PAIRS = 12;

/** The chosen filter in numbers, and the pairs of filters that look for the same. */
export function FilterPanel() {
  const { report, drawn, view, selected } = useInspect((state) => state);
  if (report === undefined || drawn === undefined) return null;
  const { raw, folded, batchNorm } = report.inspection;
  const filters = raw.norms.length;
  const state = report.inspection[view].states[selected] ?? 'active';
  const rank = byNorm(raw.norms).indexOf(selected) + 1;
  const step = (by: number) => inspection.lookAt({ selected: (selected + by + filters) % filters });
  const { similar } = drawn;
  return (
    <section className={cards.card} aria-label={`Filter ${selected}`} data-testid="inspect-filter">
      <div className={cards.header}>
        <h2 className={cards.title}>Filter {selected}</h2>
        <span className={styles.state}>{STATE_WORDS[state]}</span>
        <span className={cards.spacer} />
        <ActionIcon variant="subtle" color="gray" aria-label="Previous filter" onClick={() => step(-1)}>
          <IconChevronLeft size={18} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label="Next filter" onClick={() => step(1)}>
          <IconChevronRight size={18} />
        </ActionIcon>
      </div>
      <div className={styles.body}>
        <KernelThumbnail
          className={styles.picture}
          kernel={drawn.kernel}
          filters={filters}
          filter={selected}
          size={drawn.size}
          full={fullOf(drawn)}
          drawn={report.layer}
        />
        <dl>
          <dt>Norm</dt>
          <dd>{shortNumber(raw.norms[selected] ?? 0)}</dd>
          <dt>Largest |w|</dt>
          <dd>{shortNumber(raw.maxAbs[selected] ?? 0)}</dd>
          <dt>Rank by norm</dt>
          <dd>{state === 'not-finite' ? '–' : `${rank} of ${filters}`}</dd>
          {batchNorm !== undefined && (
            <>
              <dt>Norm, folded</dt>
              <dd>{shortNumber(folded.norms[selected] ?? 0)}</dd>
              <dt>Largest |w|, folded</dt>
              <dd>{shortNumber(folded.maxAbs[selected] ?? 0)}</dd>
            </>
          )}
        </dl>
        {drawn.shows === 'rgb' && (
          <div className={styles.parts}>
            <KernelParts
              kernel={drawn.kernel}
              filters={filters}
              filter={selected}
              size={drawn.size}
              drawn={report.layer}
            />
          </div>
        )}
      </div>
      <div className={styles.similar} data-testid="inspect-similar">
        <h3>
          {similar.length === 0 ? 'No two filters look for the same pattern.' : `Similar pairs: ${similar.length}`}
        </h3>
        <ul>
          {similar.slice(0, MOST_PAIRS).map(({ filters: [a, b], cosine, kind }) => (
            <li key={`${a}-${b}`}>
              <button type="button" onClick={() => inspection.lookAt({ selected: selected === a ? b : a })}>
                {a} and {b}
              </button>
              {kind === 'duplicate' ? 'duplicate' : 'near-duplicate'}, cosine {formatFixed(cosine, 3)}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
