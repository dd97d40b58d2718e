import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react';
import { Alert } from '../kit/alert.tsx';
import { saveFile } from '../kit/save-file.ts';
import { useVerify } from './page-verify.ts';
import { csvOf, jsonOf, latexOf, markdownOf } from './table-text.ts';
import styles from './take-away.module.css';
import { useTable } from './use-table.ts';

/** The table to take away: copied as Markdown or LaTeX, saved as CSV or JSON. */
export function TakeAway() {
  const { rows } = useTable();
  const columns = useVerify((state) => state.columns);
  const markdown = useClipboard();
  const latex = useClipboard();
  const nothing = rows.every(({ result }) => result === undefined);
  const copies = [
    { id: 'verify-copy-markdown', label: 'Copy Markdown', clipboard: markdown, text: markdownOf },
    { id: 'verify-copy-latex', label: 'Copy LaTeX', clipboard: latex, text: latexOf },
  ];
  const files = [
    { id: 'verify-csv', label: 'CSV', name: 'verification.csv', type: 'text/csv', text: csvOf },
    { id: 'verify-json', label: 'JSON', name: 'verification.json', type: 'application/json', text: jsonOf },
  ];
  return (
    <div className={styles.actions}>
      {copies.map(({ id, label, clipboard, text }) => (
        <Button
          key={id}
          variant="default"
          size="xs"
          disabled={nothing}
          data-testid={id}
          leftSection={clipboard.copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={() => clipboard.copy(text(rows, columns))}
        >
          {clipboard.copied ? 'Copied' : label}
        </Button>
      ))}
      {files.map(({ id, label, name, type, text }) => (
        <Button
          key={id}
          variant="default"
          size="xs"
          disabled={nothing}
          data-testid={id}
          leftSection={<IconDownload size={14} />}
          onClick={() => saveFile(name, new Blob([text(rows, columns)], { type }))}
        >
          {label}
        </Button>
      ))}
      {(markdown.error ?? latex.error) !== null && (
        <Alert text="The browser did not allow copying. Save the CSV instead." />
      )}
    </div>
  );
}
