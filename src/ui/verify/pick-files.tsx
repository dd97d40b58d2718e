import { Button } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import type { ImportFile } from '../../worker/protocol.ts';
import { pickedFiles } from '../train/settings/dropped-files.ts';

interface PickFilesProps {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly testId: string;
  /** What the chooser of files is called to a screen reader. */
  readonly inputLabel: string;
  readonly variant?: 'default' | 'filled';
  readonly onFiles: (files: readonly ImportFile[]) => void;
}

/** A button that opens the browser's chooser of files. */
export function PickFiles({ label, icon, testId, inputLabel, variant = 'default', onFiles }: PickFilesProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        hidden
        type="file"
        multiple
        aria-label={inputLabel}
        data-testid={`${testId}-input`}
        onChange={(event) => {
          onFiles(pickedFiles(event.currentTarget.files ?? []));
          event.currentTarget.value = '';
        }}
      />
      <Button
        variant={variant}
        size="sm"
        leftSection={icon}
        data-testid={testId}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
    </>
  );
}
