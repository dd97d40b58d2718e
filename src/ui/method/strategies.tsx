import { Button } from '@mantine/core';
import { IconDice5 } from '@tabler/icons-react';
import { useState } from 'react';
import { Section } from './section.tsx';
import styles from './strategies.module.css';
import { STRATEGY_TEXTS, StrategyCard } from './strategy-card.tsx';

/** The five ways to draw new weights, each drawing one while you look. */
export function Strategies() {
  const [draw, setDraw] = useState(1);
  return (
    <Section
      id="strategies"
      lead="Three strong filters in, one new filter out. Each is drawn now, by the same code that trains. Likeness: 1 is the same pattern, 0 has nothing in common."
      beside={
        <Button
          variant="default"
          size="xs"
          className={styles.again ?? ''}
          leftSection={<IconDice5 size={16} stroke={1.7} />}
          data-testid="draw-again"
          onClick={() => setDraw(draw + 1)}
        >
          Draw again
        </Button>
      }
    >
      <ul className={styles.cards}>
        {STRATEGY_TEXTS.map((text) => (
          <StrategyCard key={text.strategy} text={text} draw={draw} />
        ))}
      </ul>
    </Section>
  );
}
