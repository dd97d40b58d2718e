import { Contents } from './contents.tsx';
import { Controls } from './controls.tsx';
import { Measured } from './measured.tsx';
import styles from './method-screen.module.css';
import { PaperAndPlayground } from './paper-and-playground.tsx';
import { PresentOrUsed } from './present-or-used.tsx';
import { Related } from './related.tsx';
import { Steps } from './steps.tsx';
import { Strategies } from './strategies.tsx';
import { WhatDies } from './what-dies.tsx';

/** How CRAFT works: the paper's claims, this project's choices, and every control. */
export default function MethodScreen() {
  return (
    <div className={styles.screen} data-testid="method-page">
      <Contents />
      <main id="main" className={styles.main} tabIndex={-1}>
        <article className={styles.article}>
          <h2>How CRAFT works</h2>
          <p className={styles.lead}>How first-layer filters of a face network fade, and how CRAFT brings them back.</p>
          <WhatDies />
          <Steps />
          <PresentOrUsed />
          <PaperAndPlayground />
          <Strategies />
          <Measured />
          <Controls />
          <Related />
        </article>
      </main>
    </div>
  );
}
