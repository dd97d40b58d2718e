import { formatNumber } from '../../config/quantity.ts';
import { ArmTitle } from '../kit/arm-mark.tsx';
import { MEASURED } from './measured-results.ts';
import { STUDIES } from './measured-studies.ts';
import { MeasuredStudy } from './measured-study.tsx';
import { Section } from './section.tsx';
import styles from './tables.module.css';

/** Results of this project: its studies, else three seeds of one preset. */
export function Measured() {
  return STUDIES.length === 0 ? <ThreeSeeds /> : <Studies />;
}

function Studies() {
  return (
    <Section
      id="measured"
      lead="Studies of many seeds: mean over the seeds and 95 % interval, differences paired by seed. p is of the sign-flip test; Holm corrects it for looking at several comparisons."
    >
      {STUDIES.map((summary) => (
        <MeasuredStudy key={summary.study} summary={summary} />
      ))}
      <p className={styles.commands}>
        Every command and table is in <code>docs/results.md</code> of the repository, and the plans are in{' '}
        <code>studies/</code>.
      </p>
    </Section>
  );
}

function ThreeSeeds() {
  return (
    <Section
      id="measured"
      lead="The preset Small: 32 filters, strong weight decay, three seeds with both arms; mean ± deviation over the seeds."
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways on a phone has to be reachable by key. */}
      <section className={styles.scroll} aria-label="Results of this project" tabIndex={0}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                Faces
              </th>
              <th scope="colgroup" colSpan={2}>
                Inactive filters
              </th>
              <th scope="colgroup" colSpan={2}>
                Unused filters
              </th>
              <th scope="colgroup" colSpan={2}>
                Accuracy, held-out people
              </th>
              <th scope="col" rowSpan={2}>
                CRAFT − Standard
              </th>
            </tr>
            <tr>
              {(['inactive', 'unused', 'accuracy'] as const).map((kind) =>
                (['standard', 'craft'] as const).map((arm) => (
                  <th key={`${kind}-${arm}`} scope="col">
                    <ArmTitle arm={arm} />
                  </th>
                )),
              )}
            </tr>
          </thead>
          <tbody>
            {MEASURED.map(({ faces, inactive, unused, accuracy, difference }) => (
              <tr key={faces}>
                <th scope="row">{faces}</th>
                <td>{inactive.standard}</td>
                <td>{inactive.craft}</td>
                <td>{unused.standard}</td>
                <td>{unused.craft}</td>
                <td>{accuracy.standard}</td>
                <td>{accuracy.craft}</td>
                <td>{inPoints(difference)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <ul className={styles.findings}>
        <li>
          <b>Fewer inactive filters: yes</b>, in all six runs. Unused filters fall less: an active one need not be used.
        </li>
        <li>
          <b>Better accuracy: not established in these runs.</b> On {formatNumber(6000)} pairs a run no difference has a
          95 % interval without zero.
        </li>
        <li>
          <b>New patterns: a hint, not established.</b> CRAFT’s median novelty against other seeds of standard training,
          beside that of standard training itself
          {MEASURED.map(({ faces, novelty, control }, place) => (
            <span key={faces}>
              {place === 0 ? ': ' : '; '}
              {faces.toLowerCase().replace('(cfp)', '(CFP)')} {withoutDeviation(novelty)} against{' '}
              {withoutDeviation(control)}
            </span>
          ))}
          .
        </li>
      </ul>
      <p className={styles.commands}>
        Run it yourself:{' '}
        <code>npm run train -- --preset small --arms both --seed 1 --faces synthetic --out runs/1</code>. Every command
        and table is in <code>docs/results.md</code> of the repository.
      </p>
    </Section>
  );
}

/** A difference of accuracies as the page writes one. */
function inPoints(figure: string): string {
  return figure.replace('-', '−').replace(' %', ' points');
}

function withoutDeviation(figure: string): string {
  return figure.split(' ±')[0] ?? figure;
}
