import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import card from '../kit/card.module.css';
import { Picture } from '../kit/picture.tsx';
import { ExampleTable } from './example-table.tsx';
import { FaceSlider } from './face-slider.tsx';
import { useGallery, useGalleryActions } from './gallery-context.tsx';
import { PHOTO_SIZE, RUN_PHOTOS, SMALL_SIZE } from './gallery-store.ts';
import styles from './person-card.module.css';

/** One person: a photo, the network's input made of it, sliders, and the same person under each variation. */
export function PersonCard() {
  const person = useGallery((state) => state.person);
  const photos = useGallery(({ faces }) => faces.imagesPerIdentity);
  const size = useGallery(({ faces }) => faces.imageSize);
  const region = useGallery(({ faces }) => faces.region);
  const photo = useGallery((state) => state.photo);
  const networkView = useGallery((state) => state.networkView);
  return (
    <section className={`${card.card} ${styles.card}`} aria-label={`Person ${person}`}>
      <PersonHeader person={person} photos={photos} />
      <div className={styles.face}>
        <div className={styles.pictures}>
          <figure>
            <Picture
              picture={photo}
              size={PHOTO_SIZE}
              className={styles.picture}
              testId="gallery-photo"
              label={`Person ${person} as the sliders say`}
            />
            <figcaption>One photo, set by the sliders</figcaption>
          </figure>
          <figure>
            <Picture
              picture={networkView}
              size={size}
              className={`${styles.picture} ${styles.pixelated}`}
              testId="gallery-network-view"
              label={`The same photo at ${size} by ${size} pixels`}
            />
            <figcaption>
              <b>Input of the network</b>
              {size} × {size} pixels{region === 'tight' ? ', inner face' : ''}
            </figcaption>
          </figure>
        </div>
        <div className={styles.groups}>
          <Sliders group="identity" title="Identity" subtitle="decides who it is" />
          <Sliders group="photo" title="Photo" subtitle="must not change the answer" />
        </div>
      </div>
      <RunPhotos />
      <div className={styles.variations}>
        <h3>
          Still person {person} <span>one change at a time; click to set the sliders</span>
        </h3>
        <ExampleTable />
      </div>
    </section>
  );
}

/** Photos of the person as the settings of the rail make them. */
function RunPhotos() {
  const person = useGallery((state) => state.person);
  const each = useGallery(({ faces }) => faces.imagesPerIdentity);
  const pictures = useGallery((state) => state.runPhotos);
  const shown = Array.from({ length: Math.min(RUN_PHOTOS, each) }, (_, photo) => photo);
  return (
    <div className={styles.variations}>
      <h3>
        {shown.length} of {each} photos <span>as a run draws them; the settings say how much they vary</span>
      </h3>
      <div className={styles.runPhotos} data-testid="gallery-run-photos">
        {shown.map((photo) => (
          <Picture
            key={photo}
            picture={pictures.get(photo)}
            size={SMALL_SIZE}
            className={styles.runPhoto}
            label={`Photo ${photo} of person ${person}`}
          />
        ))}
      </div>
    </div>
  );
}

function PersonHeader({ person, photos }: { readonly person: number; readonly photos: number }) {
  const actions = useGalleryActions();
  const last = useGallery(({ faces }) => faces.identities - 1);
  const untouched = useGallery(({ moved }) => Object.keys(moved).length === 0);
  return (
    <header className={card.header}>
      <h2 className={card.title}>Person {person}</h2>
      <span className={card.caption}>{photos} photos in the set</span>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        flex="none"
        disabled={untouched}
        onClick={actions.resetSliders}
      >
        Reset sliders
      </Button>
      <div className={styles.neighbours}>
        <Tooltip label="Previous person">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Previous person"
            disabled={person === 0}
            onClick={() => actions.choosePerson(person - 1)}
          >
            <IconChevronLeft size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Next person">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Next person"
            disabled={person === last}
            onClick={() => actions.choosePerson(person + 1)}
          >
            <IconChevronRight size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  );
}

interface SlidersProps {
  readonly group: 'identity' | 'photo';
  readonly title: string;
  readonly subtitle: string;
}

function Sliders({ group, title, subtitle }: SlidersProps) {
  const sliders = useGallery((state) => state.sliders);
  return (
    <fieldset className={styles.group}>
      <legend>
        {title} <span>{subtitle}</span>
      </legend>
      {sliders
        .filter((slider) => slider.group === group)
        .map((slider) => (
          <FaceSlider key={slider.key} slider={slider} />
        ))}
    </fieldset>
  );
}
