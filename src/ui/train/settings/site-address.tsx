import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ImportFailure, ImportFile } from '../../../worker/protocol.ts';
import styles from './faces-group.module.css';
import { filesAt } from './site-files.ts';

interface SiteAddressProps {
  readonly disabled: boolean;
  readonly onFiles: (files: readonly ImportFile[]) => void;
  readonly onFailure: (failure: ImportFailure) => void;
}

/** Takes a file that lies on the page's own site, by its address. */
export function SiteAddress({ disabled, onFiles, onFailure }: SiteAddressProps) {
  const [address, setAddress] = useState('');
  const [fetching, setFetching] = useState(false);
  const read = async () => {
    setFetching(true);
    const { files, failure } = await filesAt(address.trim());
    setFetching(false);
    if (failure === undefined) onFiles(files);
    else onFailure(failure);
  };
  return (
    <form
      className={styles.address}
      onSubmit={(event) => {
        event.preventDefault();
        if (address.trim() !== '') void read();
      }}
    >
      <TextInput
        size="xs"
        label="Or a file on this site"
        placeholder="/faces/train.rec"
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <Button
        type="submit"
        variant="default"
        size="xs"
        loading={fetching}
        disabled={disabled || address.trim() === ''}
        data-testid="faces-address"
      >
        Read
      </Button>
    </form>
  );
}
