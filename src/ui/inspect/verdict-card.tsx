import { formatPercent } from '../../config/quantity.ts';
import { noticeText } from '../../formats/outside-text.ts';
import cards from '../kit/card.module.css';
import { STATE_WORDS } from './filter-mark.ts';
import { useInspect } from './page-inspect.ts';
import styles from './verdict-card.module.css';

/** Means of the abstract of arXiv 2312.00072 v2, for ArcFace models with and without CRAFT. */
const PAPER = [
  { label: 'Standard, mean in the paper', share: 0.44, tone: 'standard' },
  { label: 'CRAFT, mean in the paper', share: 0.32, tone: 'craft' },
] as const;

/** How many filters are inactive, in a number and a sentence. */
export function VerdictCard() {
  const { report, model, view, state, stale } = useInspect((state) => state);
  if (report === undefined || model === undefined) return null;
  const { headline, detail } = report.verdicts[view][state];
  const found = report.inspection[view];
  const filters = report.inspection.shape[3];
  const counted = new Set(found[state]);
  const other = state === 'nearZero' ? 'weak' : 'near-zero';
  const alsoFound = found[other === 'weak' ? 'weak' : 'nearZero'].filter((filter) => !counted.has(filter)).length;
  // A share of filters of which some are no numbers would say nothing.
  const known = found.notFinite.length === 0;
  const bars = [
    ...(known ? [{ label: 'This model', share: found[state].length / filters, tone: 'model' } as const] : []),
    ...(known && report.layer === model.first ? PAPER : []),
  ];
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
      </div>
      <dl>
        {bars.map(({ label, share, tone }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <span className={styles.track} aria-hidden="true">
                <span data-tone={tone} style={{ width: `${100 * share}%` }} />
              </span>
              {formatPercent(share)}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
