import { useMediaQuery, useMergedRef, useResizeObserver } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Picture } from '../kit/picture.tsx';
import { useGallery, useGalleryActions } from './gallery-context.tsx';
import { SMALL_SIZE } from './gallery-store.ts';
import styles from './people-grid.module.css';
import { PEOPLE_COLUMNS, personAfterKey, visiblePeople } from './people-layout.ts';

const optionId = (person: number) => `gallery-person-${person}`;

/** Everybody in the set, six in a row; only those in sight are drawn. */
export function PeopleGrid() {
  const actions = useGalleryActions();
  const people = useGallery(({ faces }) => faces.identities);
  const chosen = useGallery(({ person }) => person);
  const narrow = useMediaQuery('(max-width: 767px)', undefined, { getInitialValueInEffect: false });
  const rowHeight = narrow ? 72 : 89;
  const list = useRef<HTMLDivElement>(null);
  const [observed, { height }] = useResizeObserver<HTMLDivElement>();
  const [scrollTop, setScrollTop] = useState(0);
  const { first, end } = visiblePeople(people, rowHeight, scrollTop, height);

  useEffect(() => {
    if (end > first) actions.showPeople(first, end);
  }, [actions, first, end]);

  useEffect(() => list.current?.focus({ preventScroll: true }), []);

  useEffect(() => {
    const box = list.current;
    if (box === null || height === 0) return;
    const top = Math.floor(chosen / PEOPLE_COLUMNS) * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowHeight > box.scrollTop + height) box.scrollTop = top + rowHeight - height;
  }, [chosen, rowHeight, height]);

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const person = personAfterKey(event.key, chosen, people);
    if (person === undefined && event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    if (person !== undefined) actions.choosePerson(person);
  };

  return (
    <div
      ref={useMergedRef(list, observed)}
      className={styles.list}
      role="listbox"
      aria-label="People"
      tabIndex={0}
      aria-activedescendant={chosen >= first && chosen < end ? optionId(chosen) : undefined}
      onKeyDown={press}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
    >
      <div
        role="presentation"
        className={styles.all}
        style={{ height: Math.ceil(people / PEOPLE_COLUMNS) * rowHeight }}
      >
        {Array.from({ length: end - first }, (_, offset) => first + offset).map((person) => (
          <Person key={person} person={person} people={people} chosen={person === chosen} rowHeight={rowHeight} />
        ))}
      </div>
    </div>
  );
}

interface PersonProps {
  readonly person: number;
  readonly people: number;
  readonly chosen: boolean;
  readonly rowHeight: number;
}

function Person({ person, people, chosen, rowHeight }: PersonProps) {
  const actions = useGalleryActions();
  const picture = useGallery(({ thumbnails }) => thumbnails.get(person));
  return (
    <button
      type="button"
      role="option"
      id={optionId(person)}
      className={styles.person}
      tabIndex={-1}
      aria-selected={chosen}
      aria-posinset={person + 1}
      aria-setsize={people}
      aria-label={`Person ${person}`}
      data-testid="gallery-person"
      style={{
        top: Math.floor(person / PEOPLE_COLUMNS) * rowHeight,
        left: `${((person % PEOPLE_COLUMNS) / PEOPLE_COLUMNS) * 100}%`,
      }}
      onClick={() => actions.choosePerson(person)}
    >
      <Picture picture={picture} size={SMALL_SIZE} className={styles.face} />
      {person}
    </button>
  );
}
