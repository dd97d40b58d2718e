import type { VariationExample } from '../../faces/synthetic/examples.ts';
import { Picture } from '../kit/picture.tsx';
import styles from './example-table.module.css';
import { useGallery, useGalleryActions } from './gallery-context.tsx';
import { exampleKey, SMALL_SIZE } from './gallery-store.ts';

/** The person on show under each kind of variation. */
export function ExampleTable() {
  const columns = useGallery(({ examples }) => examples);
  return (
    <div className={styles.columns}>
      {columns.map(({ title, examples }, column) => (
        <fieldset key={title} className={styles.column}>
          <legend>{title}</legend>
          {examples.map((example, row) => (
            <Example key={example.label} title={title} example={example} place={exampleKey(column, row)} />
          ))}
        </fieldset>
      ))}
    </div>
  );
}

interface ExampleProps {
  readonly title: string;
  readonly example: VariationExample;
  readonly place: string;
}

function Example({ title, example: { label, values }, place }: ExampleProps) {
  const actions = useGalleryActions();
  const picture = useGallery(({ examplePictures }) => examplePictures.get(place));
  return (
    <button
      type="button"
      className={styles.example}
      aria-label={`${title}: ${label}`}
      data-testid="gallery-example"
      onClick={() => actions.setPhoto(values)}
    >
      <Picture picture={picture} size={SMALL_SIZE} className={styles.face} />
      {label}
    </button>
  );
}
