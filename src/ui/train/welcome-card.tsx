import { Button } from '@mantine/core';
import { IconPlayerPlayFilled, IconRoute } from '@tabler/icons-react';
import cards from '../kit/card.module.css';
import { LifeOfAFilter } from '../kit/life-of-a-filter.tsx';
import { isHardware } from '../state/engine.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import { startTour, tourTaken } from '../state/tour-memory.ts';
import { useView } from '../state/view-store.ts';
import styles from './welcome-card.module.css';

/** Introduces the playground before the first run. */
export function WelcomeCard() {
  const actions = useActions();
  const engine = useRunState((state) => state.engine);
  const touring = useView(({ tourStop }) => tourStop !== undefined);
  const offersTour = touring || !tourTaken();
  const where = engine !== undefined && !isHardware(engine) ? 'on your own processor' : 'on your own graphics card';
  return (
    <section className={`${cards.card} ${styles.welcome}`} aria-labelledby="welcome-title">
      <div className={styles.text}>
        <h2 id="welcome-title">Watch filters die. Bring them back.</h2>
        <p>
          While a face-recognition network trains, some of its first-layer filters fade to nothing and never return. In
          ArcFace, a widely used model, about half of them are gone. Press Train to see it happen here, {where}, next to
          a second network trained with CRAFT, which finds the faded filters and restarts them from the strong ones.
        </p>
        <div className={styles.start}>
          <Button
            size="md"
            leftSection={<IconPlayerPlayFilled size={15} />}
            disabled={engine === undefined}
            onClick={actions.train}
          >
            Train
          </Button>
          <span>
            Nothing leaves this computer.
            <br />
            Space starts and pauses.
          </span>
        </div>
        {offersTour && (
          <button type="button" className={styles.tour} data-testid="tour-offer" onClick={startTour}>
            <IconRoute size={16} stroke={1.7} aria-hidden="true" />
            New here? Take the tour: five stops, left at any time.
          </button>
        )}
      </div>
      <LifeOfAFilter />
    </section>
  );
}
