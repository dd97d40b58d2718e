import cards from '../kit/card.module.css';
import styles from './paper-and-playground.module.css';
import { Section } from './section.tsx';
import { SourceIcon } from './source-pill.tsx';

/** Statements of the paper's abstracts and choices of this project, in two columns that are never mixed. */
export function PaperAndPlayground() {
  return (
    <Section
      id="paper-and-playground"
      lead="Only the paper’s abstracts were available; the authors’ own rules may differ from the choices made here."
    >
      <div className={styles.columns}>
        <div className={`${cards.card} ${styles.card}`}>
          <h4>
            <SourceIcon source="paper" size={18} />
            From the paper
          </h4>
          <p>Bhatta, Mery, Wu, Bowyer: arXiv 2312.00072 and IEEE FG 2025, abstracts</p>
          <ul>
            <li>During training some first-layer filters go inactive: all weights in the filter approach zero.</li>
            <li>That is especially prevalent in face recognition. In ArcFace it is about half of the first layer.</li>
            <li>
              CRAFT identifies inactive filters during training and re-initialises them based on the context of strong
              filters at that stage in training.
            </li>
            <li>The share of inactive filters falls from 44 % to 32 % on average (arXiv version).</li>
            <li>It finds filter patterns that standard training does not.</li>
            <li>
              It is more accurate than standard training on AgeDB-30, CPLFW, LFW, CALFW, CFP-FP, IJB-B and IJB-C;
              statistically significantly so, with large gains on the Hadrian and Eclipse sets (FG 2025).
            </li>
          </ul>
        </div>
        <div className={styles.card} data-source="ours">
          <h4>
            <SourceIcon source="ours" size={18} />
            Choices of this playground
          </h4>
          <p>Every rule is a control; the paper’s own may differ</p>
          <ul>
            <li>
              <b>Inactive</b> means: largest |w| below 0.01. A scale-free rule (the norm next to that of the strongest
              quarter) is offered too, and both after folding batch norm in.
            </li>
            <li>
              <b>Strong</b> means: the top half of the active filters by norm, at least two. With fewer than two active
              filters nothing is re-activated.
            </li>
            <li>
              <b>New weights</b> come from one of five strategies, Blend unless you change it. Their norm is matched to
              the strong ones’ median, except for Gaussian.
            </li>
            <li>
              <b>Checks</b> come every 5 % of the run and end at 60 %, so that new filters can settle.
            </li>
            <li>
              <b>Also reset</b>: the channel’s momentum and batch norm. With a batch-norm scale near zero no gradient
              would reach the new filter.
            </li>
          </ul>
          <p className={styles.foot}>
            Small images and minutes of training, so expect other numbers than the paper’s. In this project’s own small
            runs the count fell; no accuracy gain was established on photographs.
          </p>
        </div>
      </div>
    </Section>
  );
}
