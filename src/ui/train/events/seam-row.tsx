import { formatNumber } from '../../../config/quantity.ts';
import type { SeamEntry } from '../../../record/run-history.ts';
import { originInWords, type WeightsOrigin } from '../../../record/weights-origin.ts';
import styles from './event-list.module.css';

const REASONS = new Map<SeamEntry['reason'], string>(
  Object.entries({
    'device-lost': 'the graphics card stopped answering',
    'worker-lost': 'the training worker stopped answering',
    'backend-unavailable': 'the engine was not available',
    'out-of-memory': 'memory ran out',
    closed: 'it was opened again',
  }),
);

/** Where the run resumed from a checkpoint, why, and which settings differ since. */
export function SeamRow({ step, lostAt, reason, note }: SeamEntry) {
  const why = REASONS.get(reason) ?? 'it broke off';
  const where = lostAt > step ? ` at step ${formatNumber(lostAt)}` : '';
  return (
    <div className={styles.seam} data-testid="seam">
      <b>Step {formatNumber(step)}</b> · resumed here: {why}
      {where}
      {note === undefined ? '' : ` · ${note}`}
    </div>
  );
}

/** At step 0, where the first weights were not drawn from the seed. */
export function WeightsRow({ origin }: { readonly origin: WeightsOrigin }) {
  return (
    <div className={styles.seam} data-testid="first-weights">
      <b>Step 0</b> · first weights: {originInWords(origin)}
    </div>
  );
}
