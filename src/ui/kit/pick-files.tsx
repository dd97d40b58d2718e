import { Button } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import type { ImportFile } from '../../worker/protocol.ts';
import { pickedFiles } from './dropped-files.ts';

interface PickFilesProps {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly testId: string;
  /** The name of the chooser of files for a screen reader. */
  readonly inputLabel: string;
  /** Chooses a folder instead of files. */
  readonly folder?: boolean;
  readonly size?: 'xs' | 'sm';
  readonly onFiles: (files: readonly ImportFile[]) => void;
}

/** React knows the attribute, its types do not. */
const FOLDER = { webkitdirectory: '' };

/** A button that opens the browser's chooser of files. */
export function PickFiles({ label, icon, testId, inputLabel, folder = false, size = 'sm', onFiles }: PickFilesProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        hidden
        type="file"
        multiple
        {...(folder ? FOLDER : {})}
        aria-label={inputLabel}
        data-testid={`${testId}-input`}
        onChange={(event) => {
          onFiles(pickedFiles(event.currentTarget.files ?? []));
          event.currentTarget.value = '';
        }}
      />
      <Button
        variant="default"
        size={size}
        leftSection={icon}
        data-testid={testId}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
    </>
  );
}
