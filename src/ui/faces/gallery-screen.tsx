import { Button } from '@mantine/core';
import { IconRotate } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { GalleryClient } from '../../client/gallery-client.ts';
import { formatNumber } from '../../config/quantity.ts';
import { HIGHEST_SEED } from '../../config/settings/seeds.ts';
import { Alert } from '../kit/alert.tsx';
import card from '../kit/card.module.css';
import { closeGallery } from '../state/gallery-state.ts';
import { useRunState } from '../state/store-context.tsx';
import { GalleryContext, useGallery, useGalleryActions } from './gallery-context.tsx';
import { GalleryRail } from './gallery-rail.tsx';
import styles from './gallery-screen.module.css';
import { createGalleryStore, type GalleryStore } from './gallery-store.ts';
import { PeopleGrid } from './people-grid.tsx';
import { PersonCard } from './person-card.tsx';

/** The synthetic people: their features, the variations of a photo, and the input of the network. */
export default function GalleryScreen() {
  const config = useRunState((state) => state.config);
  const [store, setStore] = useState<GalleryStore>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the gallery starts from the settings and then has its own
  useEffect(() => {
    const client = new GalleryClient((message) => opened.receive(message));
    const opened = createGalleryStore((command) => client.post(command), config);
    setStore(opened);
    return () => client.close();
  }, []);

  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      const inDialog = event.target instanceof Element && event.target.closest('[role="dialog"]') !== null;
      if (event.key !== 'Escape' || event.defaultPrevented || inDialog) return;
      event.preventDefault();
      closeGallery();
    };
    // Before the page's own keys, to which Esc means something else.
    window.addEventListener('keydown', leave, { capture: true });
    return () => window.removeEventListener('keydown', leave, { capture: true });
  }, []);

  if (store === undefined) return null;
  return (
    <GalleryContext value={store}>
      <div className={styles.gallery} data-testid="faces-gallery">
        <GalleryRail />
        <main id="main" className={styles.main} tabIndex={-1}>
          <Failure />
          <section className={`${card.card} ${styles.people}`} aria-label="Synthetic people">
            <PeopleHeader />
            <PeopleGrid />
          </section>
          <PersonCard />
        </main>
      </div>
    </GalleryContext>
  );
}

function PeopleHeader() {
  const actions = useGalleryActions();
  const people = useGallery(({ faces }) => faces.identities);
  return (
    <header className={card.header}>
      <h2 className={card.title}>{formatNumber(people)} synthetic people</h2>
      <span className={card.caption}>nobody real</span>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconRotate size={15} />}
        data-testid="gallery-new-people"
        onClick={() => actions.changeFaces({ facesSeed: Math.floor(Math.random() * HIGHEST_SEED) })}
      >
        New people
      </Button>
    </header>
  );
}

function Failure() {
  const failure = useGallery((state) => state.failure);
  if (failure === undefined) return null;
  return (
    <Alert
      className={styles.failure}
      data-testid="notice"
      text={`The faces could not be drawn: ${failure}.`}
      hint="Go back to Train and open the gallery again; training is unaffected."
    />
  );
}
