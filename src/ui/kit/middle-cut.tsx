import styles from './middle-cut.module.css';

/** Letters at the end that are always read: "conv2.weight" where many names begin alike. */
const END = 10;

/** A name on one line; where it is too long it is cut in the middle, since names in a list differ at their ends. */
export function MiddleCut({ text }: { readonly text: string }) {
  if (text.length <= END) return <span className={styles.text}>{text}</span>;
  return (
    <span className={styles.text}>
      <span className={styles.begin}>{text.slice(0, -END)}</span>
      <span className={styles.end}>{text.slice(-END)}</span>
    </span>
  );
}
