import { formatNumber } from '../../config/quantity.ts';
import type { UnreadableImages as Images } from '../../faces/import/imported-faces.ts';
import { noticeText } from '../../formats/outside-text.ts';
import styles from './unreadable-images.module.css';

const MOST_NAMED = 5;

interface UnreadableImagesProps {
  readonly images: Images;
  /** Whether the names are shown from the start. */
  readonly open?: boolean;
}

/** How many images could not be read, and the first of them with the reasons. Names of files are shown as text only. */
export function UnreadableImages({ images: { count, first }, open = false }: UnreadableImagesProps) {
  if (count === 0) return null;
  const named = first.slice(0, MOST_NAMED);
  const rest = count - named.length;
  return (
    <details className={styles.unreadable} open={open} data-testid="unreadable-images">
      <summary>{count === 1 ? '1 image' : `${formatNumber(count)} images`} could not be read</summary>
      <ul>
        {named.map(({ path, reason }) => (
          <li key={path}>
            <b>{noticeText(path)}</b> {noticeText(reason)}
          </li>
        ))}
        {rest > 0 && <li>and {formatNumber(rest)} more</li>}
      </ul>
    </details>
  );
}
