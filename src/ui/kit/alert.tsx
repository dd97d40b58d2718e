import type { HTMLAttributes } from 'react';
import { noticeText } from '../../formats/outside-text.ts';

export interface AlertWords {
  readonly text: string;
  /** The remedy. It is cut apart from the text, so that a long name in the text never hides it. */
  readonly hint?: string;
}

/** Children are icons, buttons and fixed words, before the text; words from outside belong in `text` and `hint`. */
interface AlertProps extends Partial<AlertWords>, Omit<HTMLAttributes<HTMLElement>, 'role'> {
  readonly as?: 'p' | 'span' | 'div' | 'main';
  /** Whether the text is bold before the hint. */
  readonly strong?: boolean;
}

/** Trouble in its place on the page, spoken as an alarm. Its words may hold names of files: they are cut and cleaned. */
export function Alert({ as: Tag = 'p', text = '', hint = '', strong, children, ...place }: AlertProps) {
  const words = noticeText(text);
  return (
    <Tag role="alert" {...place}>
      {children} {strong ? <b>{words}</b> : words} {noticeText(hint)}
    </Tag>
  );
}
