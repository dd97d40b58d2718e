import styles from './loading.module.css';

/** In place of a screen whose code is on its way. */
export function Loading({ text }: { readonly text: string }) {
  return (
    <p role="status" className={styles.loading}>
      {text}
    </p>
  );
}
