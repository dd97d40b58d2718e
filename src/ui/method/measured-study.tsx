import type { StudySummary } from '../../study/summary.ts';
import { ArmMark } from '../kit/arm-mark.tsx';
import { factsOf, linesOf, noveltyOf } from './measured-studies.ts';
import styles from './tables.module.css';

/** One study: a line a condition, and the claims that hold. */
export function MeasuredStudy({ summary }: { readonly summary: StudySummary }) {
  const { study, recipe, points, verdicts, interim } = summary;
  const lines = linesOf(summary);
  const axes = points.length > 1;
  const shown = verdicts.filter((verdict) => verdict.axes === points[0]);
  const novelty = noveltyOf(summary);
  return (
    <section className={styles.study} aria-label={`Study ${study}`} data-testid="measured-study">
      <h4>{study}</h4>
      <p>
        {recipe !== '' && `Preset ${recipe}. `}
        {factsOf(summary)}.{interim && ' Interim: a verdict that is read while seeds are missing may turn.'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways on a phone has to be reachable by key. */}
      <section className={styles.scroll} aria-label={`Results of ${study}`} tabIndex={0}>
        <table className={styles.table}>
          <thead>
            <tr>
              {axes && <th scope="col">Setting</th>}
              <th scope="col">Condition</th>
              <th scope="col">n</th>
              <th scope="col">Inactive</th>
              <th scope="col">Unused</th>
              <th scope="col">Accuracy</th>
              <th scope="col">Minus Standard, points</th>
              <th scope="col">p</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={`${line.axes} ${line.condition}`} data-claimed={line.claimed || undefined}>
                {axes && <td>{line.axes}</td>}
                <th scope="row">
                  <ArmMark arm={line.condition === 'standard' ? 'standard' : 'craft'} />{' '}
                  {line.condition === 'standard' ? 'Standard' : line.condition}
                </th>
                <td>{line.seeds}</td>
                <td>{line.inactive}</td>
                <td>{line.unused}</td>
                <td>{line.accuracy}</td>
                <td>{line.difference}</td>
                <td>{line.chance}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <ul className={styles.findings}>
        {shown.map(({ condition, headline, detail }) => (
          <li key={condition}>
            <b>{headline}</b> {detail}
          </li>
        ))}
        {novelty !== undefined && <li>{novelty}</li>}
        {shown[0] !== undefined && <li>A/A check: {shown[0].check}</li>}
      </ul>
    </section>
  );
}
