import type { ReactNode } from 'react';
import type { FilterState } from '../../record/shown-layer.ts';
import cards from '../kit/card.module.css';
import { DRAWN, type DrawnName, drawnWeights } from './drawn-filters.ts';
import { DrawnTile } from './drawn-tile.tsx';
import { Section } from './section.tsx';
import styles from './steps.module.css';
import { drawNewFilter, STRONG } from './strategy-demo.ts';

interface MeasuredFilter {
  readonly name: DrawnName;
  /** Height of its bar, 1 for the highest. */
  readonly size: number;
}

const FILTERS: readonly MeasuredFilter[] = [
  { name: 'edge', size: 1 },
  { name: 'bar', size: 0.8 },
  { name: 'faded', size: 0.05 },
  { name: 'blue', size: 0.66 },
  { name: 'orange', size: 0.55 },
  { name: 'faded', size: 0.05 },
  { name: 'opponent', size: 0.88 },
  { name: 'grey', size: 0.38 },
];

const THRESHOLD = 0.18;

/** The three things a check does. */
export function Steps() {
  return (
    <Section id="what-craft-does">
      <ol className={styles.steps}>
        <Step number={1} title="Find the inactive filters" diagram={<FindDiagram />}>
          At each check, every first-layer filter is measured. Those under the threshold are inactive.
        </Step>
        <Step number={2} title="Read the context" diagram={<ContextDiagram />}>
          The strong filters of this moment show the patterns that the network has found useful so far.
        </Step>
        <Step number={3} title="Re-initialise from it" diagram={<DrawDiagram />}>
          Each inactive filter gets new weights drawn from that context. Training continues.
        </Step>
      </ol>
    </Section>
  );
}

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly diagram: ReactNode;
  readonly children: string;
}

function Step({ number, title, diagram, children }: StepProps) {
  return (
    <li className={`${cards.card} ${styles.step}`}>
      <h4>
        <span aria-hidden="true">{number}</span>
        {title}
      </h4>
      <div className={styles.diagram} aria-hidden="true">
        {diagram}
      </div>
      <p>{children}</p>
    </li>
  );
}

function FindDiagram() {
  return (
    <div className={styles.find}>
      <span className={styles.measure}>largest |w| per filter</span>
      <div className={styles.bars}>
        {FILTERS.map(({ name, size }, place) => (
          <span
            key={`${name}-${place < 4 ? 'left' : 'right'}`}
            data-inactive={size < THRESHOLD || undefined}
            style={{ height: `${size * 100}%` }}
          />
        ))}
        <span className={styles.threshold} style={{ bottom: `${THRESHOLD * 100}%` }}>
          threshold
        </span>
      </div>
      <div className={styles.row}>
        {FILTERS.map(({ name, size }, place) => (
          <Drawn
            key={`${name}-${place < 4 ? 'left' : 'right'}`}
            name={name}
            state={size < THRESHOLD ? 'inactive' : 'weak'}
          />
        ))}
      </div>
    </div>
  );
}

function ContextDiagram() {
  const weak: readonly DrawnName[] = ['blue', 'orange', 'grey'];
  return (
    <div className={styles.context}>
      <div>
        <div className={styles.row}>
          {STRONG.map((name) => (
            <Drawn key={name} name={name} state="strong" />
          ))}
        </div>
        <div className={styles.bracket} />
        <b>strong: top half by norm</b>
        <br />
        mean and spread: the context
      </div>
      <div>
        <div className={styles.row}>
          {weak.map((name) => (
            <Drawn key={name} name={name} state="weak" />
          ))}
        </div>
        <p>active, but weak</p>
      </div>
    </div>
  );
}

function DrawDiagram() {
  return (
    <div className={styles.draw}>
      <div className={styles.column}>
        {STRONG.map((name) => (
          <Drawn key={name} name={name} state="strong" />
        ))}
      </div>
      <svg viewBox="0 0 84 116" width="84" height="116" aria-hidden="true">
        <path d="M0 20C34 20 26 58 48 58M0 58H48M0 96C34 96 26 58 48 58M58 58H82M76 54l6 4l-6 4" />
        <circle cx="53" cy="58" r="5" />
      </svg>
      <div className={styles.born}>
        <DrawnTile weights={drawNewFilter('blend', 1).weights} state="reactivated" side={44} />
        <b>new weights</b>
      </div>
      <svg className={styles.out} viewBox="0 0 60 10" width="60" height="10" aria-hidden="true">
        <path d="M60 5H2M8 1L2 5l6 4" />
      </svg>
      <div className={styles.born}>
        <DrawnTile weights={drawnWeights(DRAWN.faded)} state="inactive" side={32} />
        <span>the old</span>
      </div>
    </div>
  );
}

function Drawn({ name, state }: { readonly name: DrawnName; readonly state: FilterState }) {
  return <DrawnTile weights={drawnWeights(DRAWN[name])} state={state} side="fill" />;
}
