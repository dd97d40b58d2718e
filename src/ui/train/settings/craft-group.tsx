import { Switch } from '@mantine/core';
import { fieldOf } from '../../../config/run-config.ts';
import { FieldHelp } from '../../kit/field-help.tsx';
import fields from '../../kit/field-input.module.css';
import { FieldInput } from '../../kit/field-input.tsx';
import { RESETS, shownFields } from '../../kit/group-fields.ts';
import { useActions, useRunState } from '../../state/store-context.tsx';
import styles from './craft-group.module.css';

/** Re-activation on or off, at any time. */
export function CraftSwitch({ compact = false }: { readonly compact?: boolean }) {
  const { setConfig } = useActions();
  const on = useRunState(({ config }) => config.craft);
  const useless = useRunState(({ config }) => config.arms === 'standard');
  const { label } = fieldOf('craft');
  return (
    <Switch
      className={styles.switch ?? ''}
      classNames={{ input: styles.input ?? '' }}
      size="sm"
      color="var(--craft)"
      data-testid="craft-switch"
      aria-label={label}
      label={
        compact ? undefined : (
          <>
            <b>{label}</b>
            <span>Can be switched while training.</span>
          </>
        )
      }
      withThumbIndicator={false}
      checked={on}
      disabled={useless}
      onChange={(event) => setConfig({ craft: event.currentTarget.checked })}
    />
  );
}

/** How dead filters are found and brought back. */
export function CraftFields() {
  const config = useRunState((state) => state.config);
  const useless = config.arms === 'standard';
  return (
    <>
      <div className={styles.main}>
        <CraftSwitch />
        <FieldHelp name="craft" />
      </div>
      <div className={fields.fields}>
        {shownFields('craft', config).map((key) => (
          <FieldInput key={key} name={key} disabled={useless} />
        ))}
      </div>
      <details className={styles.more}>
        <summary>Other resets</summary>
        <div className={fields.fields}>
          {RESETS.map((key) => (
            <FieldInput key={key} name={key} disabled={useless} />
          ))}
        </div>
      </details>
      {useless && <p className={styles.note}>Only the standard arm trains; CRAFT has nothing to do.</p>}
    </>
  );
}
