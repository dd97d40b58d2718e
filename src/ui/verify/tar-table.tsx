import { formatExponential } from '../../config/quantity.ts';
import type { BenchmarkResult, TarEntry } from '../../worker/verification/protocol.ts';
import { ArmMark } from '../kit/arm-mark.tsx';
import type { Column } from './columns.ts';
import { percentOf } from './table-rows.ts';
import styles from './tar-table.module.css';

interface TarTableProps {
  readonly result: BenchmarkResult;
  readonly columns: readonly Column[];
}

/** Rates that are always shown; lower ones where the pairs can resolve them. */
const ALWAYS = 1e-4;

/** TAR at fixed false-accept rates, AUC and EER of each network. */
export function TarTable({ result, columns }: TarTableProps) {
  const entries = result.arms[0]?.tars ?? [];
  const fars = entries.filter(({ far, resolvable }) => far >= ALWAYS || resolvable).map(({ far }) => far);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls, which a keyboard must reach.
    <section className={styles.scroll} tabIndex={0} aria-label="True-accept rates">
      <table className={styles.table} data-testid="verify-tars">
        <thead>
          <tr>
            <th scope="col">TAR at FAR</th>
            {fars.toReversed().map((far) => (
              <th key={far} scope="col">
                {far >= ALWAYS ? far : formatExponential(far, 0)}
                {entries.some((entry) => entry.far === far && !entry.resolvable) && '†'}
              </th>
            ))}
            <th scope="col">AUC</th>
            <th scope="col">EER</th>
          </tr>
        </thead>
        <tbody>
          {result.arms.map((arm, place) => (
            <tr key={columns[place]?.id ?? place}>
              <th scope="row">
                <span>
                  <ArmMark arm={columns[place]?.mark ?? 'standard'} />
                  <span className={styles.name}>{columns[place]?.name}</span>
                </span>
              </th>
              {fars.toReversed().map((far) => (
                <Rate key={far} entry={arm.tars.find((entry) => entry.far === far)} />
              ))}
              <td>{arm.auc.toFixed(3)}</td>
              <td>{percentOf(arm.eer)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Rate({ entry }: { readonly entry: TarEntry | undefined }) {
  if (entry === undefined) return <td>–</td>;
  return <td data-unresolvable={!entry.resolvable || undefined}>{percentOf(entry.tar)} %</td>;
}
