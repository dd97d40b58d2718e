import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { noticeText } from '../../formats/outside-text.ts';
import { signedPoints } from '../../verification/points.ts';
import { repeatedText } from '../../verification/repeated-pairs.ts';
import { sentenceOf } from '../../verification/significance.ts';
import { ArmMark } from '../kit/arm-mark.tsx';
import cards from '../kit/card.module.css';
import { reachOf } from '../kit/interval-mark.tsx';
import { UnreadableImages } from '../kit/unreadable-images.tsx';
import { BenchmarkRow } from './benchmark-row.tsx';
import styles from './benchmark-table.module.css';
import { MORE_BENCHMARKS } from './benchmarks.ts';
import { columnsOf } from './columns.ts';
import { useVerify, verification } from './page-verify.ts';
import { TakeAway } from './take-away.tsx';
import { useTable } from './use-table.ts';

/** The table of benchmarks, a row each, filled in as they finish. */
export function BenchmarkTable() {
  const { rows, shown } = useTable();
  const verified = useVerify((state) => state.columns);
  const opened = useVerify((state) => state.opened);
  const columns = verified.length > 0 ? verified : columnsOf(opened);
  const compared = columns.length === 2;
  const comparison = shown?.result?.comparison;
  const [first, second] = columns;
  const sentence =
    comparison &&
    sentenceOf(comparison, first?.name ?? '', second?.name ?? '', {
      far: shown?.result?.far,
      claimed: shown?.difference?.claimed ?? false,
    });
  const reach = reachOf(rows.flatMap(({ difference }) => difference ?? []));
  return (
    <section className={`${cards.card} ${styles.card}`} aria-label="Benchmarks">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it may scroll, which a keyboard must reach. */}
      <section className={styles.scroll} tabIndex={0} aria-label="Table of benchmarks">
        <table className={styles.table} data-testid="verify-table">
          <thead>
            <tr>
              <th scope="col">Benchmark</th>
              <th scope="col" className={styles.source}>
                Pairs from
              </th>
              {columns.length === 0 && <td />}
              {columns.map(({ id, name, mark }) => (
                <th key={id} scope="col" className={styles.number}>
                  <span className={styles.name} title={name}>
                    <ArmMark arm={mark} />
                    <span>{name}</span>
                  </span>
                </th>
              ))}
              {compared && (
                <th scope="col" colSpan={2} className={styles.difference}>
                  Difference in points, 95&nbsp;% interval
                  <span className={styles.axis} aria-hidden="true">
                    <span>{signedPoints(-reach)}</span>
                    <span>0</span>
                    <span>{columns[1]?.name} better →</span>
                  </span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <BenchmarkRow key={row.id} row={row} columns={columns} reach={reach} shown={shown?.id === row.id} />
            ))}
          </tbody>
        </table>
      </section>
      {rows.map(
        ({ id, label, result }) =>
          result?.unreadable !== undefined && (
            <div key={id} className={styles.sentence} data-testid={`verify-unreadable-${id}`}>
              <b>{label}.</b> No pair was drawn of images that could not be read.
              <UnreadableImages images={result.unreadable} open />
            </div>
          ),
      )}
      {rows.map(
        ({ id, label, result }) =>
          result?.copies !== undefined && (
            <p key={id} className={styles.sentence} data-testid={`verify-copies-${id}`}>
              <b>{label}.</b> {noticeText(result.copies.join(' '))}
            </p>
          ),
      )}
      {rows.map(
        ({ id, label, result }) =>
          result?.distinct !== undefined && (
            <p key={id} className={styles.sentence} data-testid={`verify-repeated-${id}`}>
              <b>{label}.</b> {repeatedText('These photos', result.distinct, result.pairs)}
            </p>
          ),
      )}
      {shown !== undefined && sentence !== undefined && (
        <p className={styles.sentence} data-testid="verify-sentence">
          <b>{shown.label}.</b> {sentence}
        </p>
      )}
      <div className={styles.foot}>
        <p>
          Per cent, mean ± standard deviation over 10 folds; photo sets have no folds. Hollow: no clear difference. Drop
          a .bin file on a row to replace its drawn pairs.
        </p>
        <div className={styles.more}>
          {MORE_BENCHMARKS.filter(({ id }) => rows.every((row) => row.id !== id)).map((benchmark) => (
            <Button
              key={benchmark.id}
              variant="default"
              size="xs"
              data-testid={`verify-add-${benchmark.id}`}
              title={benchmark.line}
              leftSection={<IconPlus size={14} />}
              onClick={() => verification.addDrawn(benchmark)}
            >
              Drawn {benchmark.label}
            </Button>
          ))}
        </div>
        <TakeAway />
      </div>
    </section>
  );
}
