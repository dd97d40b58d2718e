import { IconInfoCircle } from '@tabler/icons-react';
import type { MouseEvent } from 'react';
import { type ConfigKey, fieldOf } from '../../config/run-config.ts';
import { searchFor } from '../state/place.ts';
import { lookUp, useView } from '../state/view-store.ts';
import styles from './field-help.module.css';

/** Leads to the setting's entry on the Method page; on the way back the focus returns here. */
export function FieldHelp({ name, inline = false }: { readonly name: ConfigKey; readonly inline?: boolean }) {
  const lookedUp = useView((view) => view.lookedUp === name);
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    lookUp(name);
  };
  return (
    <a
      className={styles.help}
      href={searchFor({ screen: 'method', entry: name }, window.location.search)}
      aria-label={`About ${fieldOf(name).label}`}
      data-help={name}
      data-inline={inline || undefined}
      data-autofocus={lookedUp || undefined}
      onClick={follow}
    >
      <IconInfoCircle size={14} stroke={1.7} aria-hidden="true" />
    </a>
  );
}
