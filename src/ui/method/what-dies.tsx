import { Button } from '@mantine/core';
import { IconPlayerPlayFilled } from '@tabler/icons-react';
import { type PresetId, presetOf } from '../../config/presets.ts';
import cards from '../kit/card.module.css';
import { LifeOfAFilter } from '../kit/life-of-a-filter.tsx';
import { isHardware } from '../state/engine.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import { openScreen } from '../state/view-store.ts';
import { LifeFigure } from './life-figure.tsx';
import { Section } from './section.tsx';
import { SourcePill } from './source-pill.tsx';
import styles from './what-dies.module.css';

/** Why first-layer filters go inactive, with a drawing of one that does. */
export function WhatDies() {
  return (
    <Section id="what-dies">
      <div className={styles.columns}>
        <div className={styles.text}>
          <p>
            The first layer of a deep network extracts the basic features that all later layers build on.{' '}
            <SourcePill source="paper" /> It does so with small filters: here 3 × 3 places with a weight each for red,
            green and blue. <SourcePill source="ours" /> During training some of these filters go <b>inactive</b>: all
            their weights approach zero. That is a missed opportunity, and especially common in face recognition. In
            ArcFace about half of the first layer’s filters are inactive. <SourcePill source="paper" />
          </p>
          <p>
            Why? Weight decay pulls every weight a little towards zero at each step. A filter that gains too little from
            the photos cannot pull back and shrinks. Its batch-norm scale shrinks with it, so it passes next to nothing
            on, and next to no gradient comes back to repair it. <SourcePill source="ours" />
          </p>
        </div>
        <aside className={styles.note} aria-label="Is a lower count better?">
          <b>Is a lower count better?</b>
          <p>
            Not alone. A small network may shed filters that it does not need. So this app always shows the inactive
            share next to the accuracy.
          </p>
        </aside>
      </div>
      <figure className={`${cards.card} ${styles.figure}`} aria-labelledby="life-title">
        <figcaption className={styles.caption}>
          <span>
            <b id="life-title">The life of one filter</b> a drawing, not a measurement
          </span>
          <SeeItHappen />
        </figcaption>
        <div className={styles.wide}>
          <LifeFigure />
        </div>
        <div className={styles.narrow}>
          <LifeOfAFilter />
        </div>
      </figure>
    </Section>
  );
}

/** Goes to Train with a preset under which filters die. */
function SeeItHappen() {
  const { choosePreset } = useActions();
  const preset = useRunState(({ engine }): PresetId => (engine && isHardware(engine) ? 'quick' : 'small'));
  return (
    <span className={styles.see}>
      Train tab, “{presetOf(preset).name}”:
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlayerPlayFilled size={13} />}
        onClick={() => {
          choosePreset(preset);
          openScreen('train');
        }}
      >
        See it happen
      </Button>
    </span>
  );
}
