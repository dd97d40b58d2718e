import { NativeSelect, Switch, Tooltip } from '@mantine/core';
import type { ChoiceField, ToggleField } from '../../config/field.ts';
import { type ConfigKey, fieldOf } from '../../config/run-config.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import { FieldHelp } from './field-help.tsx';
import styles from './field-input.module.css';
import { SLID } from './group-fields.ts';
import { NumberFieldInput } from './number-field-input.tsx';
import { RangeFieldInput } from './range-field-input.tsx';
import { ShareSlider } from './share-slider.tsx';
import { SharesFieldInput } from './shares-field-input.tsx';

/** Long choices take the whole width of the rail. */
const WIDE: ReadonlySet<ConfigKey> = new Set(['body', 'rho', 'strategy', 'arcfaceGradient', ...SLID]);

/** The input of one setting, made from its description in the schema. */
export function FieldInput({ name, disabled = false }: { readonly name: ConfigKey; readonly disabled?: boolean }) {
  const field = fieldOf(name);
  const waits = useRunState(
    ({ config, run }) => run?.alive === true && !field.live && config[name] !== run.config[name],
  );
  const long = useRunState(({ config }) => name === 'criterion' && config.criterion !== 'maxAbs');
  const wide = WIDE.has(name) || field.kind === 'toggle' || field.kind === 'range' || long;
  return (
    <div className={styles.field} data-wide={wide || undefined} data-waits={waits || undefined}>
      {field.kind === 'number' && SLID.has(name) && <ShareSlider name={name} field={field} disabled={disabled} />}
      {field.kind === 'range' && <RangeFieldInput name={name} field={field} disabled={disabled} />}
      {field.kind === 'number' && !SLID.has(name) && <NumberFieldInput name={name} field={field} disabled={disabled} />}
      {field.kind === 'choice' && <Choice name={name} field={field} disabled={disabled} />}
      {field.kind === 'shares' && <SharesFieldInput name={name} field={field} disabled={disabled} />}
      {field.kind === 'toggle' && <Toggle name={name} field={field} disabled={disabled} />}
      <FieldHelp name={name} />
      {waits && <span className={styles.waits}>from the next run</span>}
    </div>
  );
}

interface InputProps<Kind> {
  readonly name: ConfigKey;
  readonly field: Kind;
  readonly disabled: boolean;
}

function Choice({ name, field, disabled }: InputProps<ChoiceField>) {
  const { setConfig } = useActions();
  const value = useRunState(({ config }) => String(config[name]));
  return (
    <NativeSelect
      size="xs"
      label={<FieldLabel text={field.label} help={field.help} />}
      data-setting={name}
      aria-description={field.help}
      data={Object.entries(field.options).map(([option, label]) => ({ value: option, label }))}
      value={value}
      disabled={disabled}
      onChange={(event) => setConfig({ [name]: event.currentTarget.value })}
    />
  );
}

function Toggle({ name, field, disabled }: InputProps<ToggleField>) {
  const { setConfig } = useActions();
  const checked = useRunState(({ config }) => config[name] === true);
  return (
    <Switch
      size="xs"
      label={<FieldLabel text={field.label} help={field.help} />}
      data-setting={name}
      aria-description={field.help}
      checked={checked}
      disabled={disabled}
      onChange={(event) => setConfig({ [name]: event.currentTarget.checked })}
    />
  );
}

/** A label that explains its setting on hover. */
export function FieldLabel({ text, help }: { readonly text: string; readonly help: string }) {
  return (
    <Tooltip label={help} position="right" events={{ hover: true, focus: false, touch: false }}>
      <span>{text}</span>
    </Tooltip>
  );
}
