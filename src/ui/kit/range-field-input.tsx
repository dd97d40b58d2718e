import { RangeSlider } from '@mantine/core';
import { type RangeField, rangeOf, rangeText } from '../../config/field.ts';
import type { ConfigKey } from '../../config/run-config.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import styles from './field-input.module.css';
import { FieldLabel } from './field-input.tsx';

interface RangeFieldInputProps {
  readonly name: ConfigKey;
  readonly field: RangeField;
  readonly disabled: boolean;
}

/** Two numbers of the run's settings, slid with a thumb each. */
export function RangeFieldInput({ name, field, disabled }: RangeFieldInputProps) {
  const { setConfig } = useActions();
  const value = useRunState(({ config }) => String(config[name]));
  return (
    <TwoThumbs
      name={name}
      field={field}
      value={value}
      disabled={disabled}
      onChange={(next) => setConfig({ [name]: next })}
    />
  );
}

interface TwoThumbsProps extends RangeFieldInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A slider with two thumbs for a range field's value. */
export function TwoThumbs({ name, field, value, disabled, onChange }: TwoThumbsProps) {
  const { label, help, unit, min, max, step } = field;
  return (
    <div>
      <div className={styles.shareHead}>
        <span>
          <FieldLabel text={label} help={help} />
        </span>
        <b>{rangeText(value, unit)}</b>
      </div>
      <RangeSlider
        size={4}
        thumbSize={16}
        label={null}
        data-setting={name}
        min={min}
        max={max}
        step={step}
        minRange={0}
        value={[...rangeOf(value)]}
        disabled={disabled}
        thumbFromLabel={`${label}, from`}
        thumbToLabel={`${label}, to`}
        thumbProps={() => ({ 'aria-description': help })}
        onChange={(next) => onChange(next.map((one) => Number(one.toFixed(3))).join(' '))}
      />
    </div>
  );
}
