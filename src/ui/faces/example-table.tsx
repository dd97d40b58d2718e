import styles from './example-table.module.css';
import { useGallery, useGalleryActions } from './gallery-context.tsx';
import { exampleKey, SMALL_SIZE } from './gallery-store.ts';
import { Picture } from './picture.tsx';

/** The person on show under each kind of variation. */
export function ExampleTable() {
  const actions = useGalleryActions();
  const columns = useGallery(({ examples }) => examples);
  const pictures = useGallery(({ examplePictures }) => examplePictures);
  return (
    <div className={styles.columns}>
      {columns.map(({ title, examples }, column) => (
        <fieldset key={title} className={styles.column}>
          <legend>{title}</legend>
          {examples.map(({ label, values }, row) => (
            <button
              key={label}
              type="button"
              className={styles.example}
              aria-label={`${title}: ${label}`}
              data-testid="gallery-example"
              onClick={() => actions.setPhoto(values)}
            >
              <Picture picture={pictures.get(exampleKey(column, row))} size={SMALL_SIZE} className={styles.face} />
              {label}
            </button>
          ))}
        </fieldset>
      ))}
    </div>
  );
}
