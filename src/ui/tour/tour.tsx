import { Button, Popover, Portal } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { endTour } from '../state/tour-memory.ts';
import { look, useView } from '../state/view-store.ts';
import styles from './tour.module.css';
import { shownStops, targetOf } from './tour-stops.ts';
import { useSpot } from './use-spot.ts';
import { useTourFocus } from './use-tour-focus.ts';

/** Space between the part and the edge of the light around it. */
const MARGIN = 6;
/** Below this width a bubble has no room beside the part. */
const NARROW = 768;

/** Dims the page but for the part that a stop speaks of, and says it in a bubble beside that part. */
export default function Tour() {
  const at = useView(({ tourStop }) => tourStop) ?? 0;
  const [stops] = useState(shownStops);
  const stop = stops[at];
  const spot = useSpot(stop && targetOf(stop));
  const bubble = useRef<HTMLDivElement>(null);
  useTourFocus(bubble);

  const last = at >= stops.length - 1;
  const next = useCallback(() => (last ? endTour() : look({ tourStop: at + 1 })), [at, last]);
  // A part may have gone since the tour began, with its arm or the width of the page.
  useEffect(() => {
    if (stop === undefined) endTour();
  }, [stop]);
  if (stop === undefined || spot === undefined) return null;
  return (
    <Portal>
      {/* Keeps the dimmed page from taking clicks. */}
      <div className={styles.shield} />
      <Popover
        key={stop.title}
        opened
        position={window.innerWidth < NARROW ? 'bottom' : stop.side}
        width={320}
        withArrow
        arrowSize={12}
        offset={10}
        trapFocus
        withRoles={false}
        zIndex={402}
        transitionProps={{ duration: 0 }}
      >
        <Popover.Target>
          <div
            className={styles.spot}
            style={{
              left: spot.left - MARGIN,
              top: spot.top - MARGIN,
              width: spot.width + 2 * MARGIN,
              height: spot.height + 2 * MARGIN,
            }}
          />
        </Popover.Target>
        <Popover.Dropdown
          ref={bubble}
          className={styles.bubble ?? ''}
          role="dialog"
          aria-modal="true"
          aria-labelledby="tour-title"
          aria-describedby="tour-text"
          data-testid="tour"
        >
          <div className={styles.head}>
            <h2 id="tour-title">{stop.title}</h2>
            <span>
              {at + 1} of {stops.length}
            </span>
          </div>
          <p id="tour-text">{stop.text}</p>
          <div className={styles.buttons}>
            <Button variant="subtle" color="gray" className={styles.skip ?? ''} onClick={endTour}>
              Skip tour
            </Button>
            {at > 0 && (
              <Button variant="default" onClick={() => look({ tourStop: at - 1 })}>
                Back
              </Button>
            )}
            <Button data-autofocus onClick={next}>
              {last ? 'Done' : 'Next'}
            </Button>
          </div>
        </Popover.Dropdown>
      </Popover>
    </Portal>
  );
}
