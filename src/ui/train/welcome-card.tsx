import { Button } from '@mantine/core';
import { IconPlayerPlayFilled, IconRoute } from '@tabler/icons-react';
import { formatEstimate } from '../../config/quantity.ts';
import cards from '../kit/card.module.css';
import { LifeInBrief } from '../kit/life-of-a-filter.tsx';
import { useDuration } from '../state/step-times.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import { startTour, tourTaken } from '../state/tour-memory.ts';
import { useView } from '../state/view-store.ts';
import styles from './welcome-card.module.css';

/** Introduces the playground before the first run. */
export function WelcomeCard() {
  const actions = useActions();
  const engine = useRunState((state) => state.engine);
  const duration = useDuration(useRunState((state) => state.config));
  const touring = useView(({ tourStop }) => tourStop !== undefined);
  const offersTour = touring || !tourTaken();
  return (
    <section className={`${cards.card} ${styles.welcome}`} aria-labelledby="welcome-title">
      <div className={styles.text}>
        <h2 id="welcome-title">Watch filters die. Bring them back.</h2>
        <p>
          While a face-recognition network trains, some of its first-layer filters fade to nothing. Train two networks
          side by side on this computer: one as usual, one with CRAFT, which restarts faded filters from the strong
          ones.
        </p>
      </div>
      <LifeInBrief />
      <div className={styles.start}>
        <Button
          aria-label="Train both networks"
          leftSection={<IconPlayerPlayFilled size={15} />}
          disabled={engine === undefined}
          onClick={actions.train}
        >
          Train
        </Button>
        <span>Time here: {duration === undefined ? 'not measured yet' : formatEstimate(duration)}</span>
        <span>Nothing leaves this computer.</span>
        {offersTour && (
          <button type="button" className={styles.tour} data-testid="tour-offer" onClick={startTour}>
            <IconRoute size={14} stroke={1.7} aria-hidden="true" />
            New here? Take the tour
          </button>
        )}
      </div>
    </section>
  );
}
