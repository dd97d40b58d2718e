import { Slider } from '@mantine/core';
import type { NumberField } from '../../config/field.ts';
import { formatPercent } from '../../config/quantity.ts';
import type { ConfigKey } from '../../config/run-config.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import styles from './field-input.module.css';
import { FieldLabel } from './field-input.tsx';

interface ShareSliderProps {
  readonly name: ConfigKey;
  readonly field: NumberField;
  readonly disabled: boolean;
}

/** A share of 1 of the run's settings, slid in per cent. */
export function ShareSlider({ name, field, disabled }: ShareSliderProps) {
  const { setConfig } = useActions();
  const value = useRunState(({ config }) => Number(config[name]));
  return (
    <OneThumb
      name={name}
      field={field}
      value={value}
      disabled={disabled}
      onChange={(next) => setConfig({ [name]: next })}
    />
  );
}

interface OneThumbProps extends ShareSliderProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A slider for a share of 1. */
export function OneThumb({ name, field, value, disabled, onChange }: OneThumbProps) {
  const prefix = name === 'strongShare' ? 'Top ' : '';
  return (
    <div>
      <div className={styles.shareHead}>
        <span>
          <FieldLabel text={field.label} help={field.help} />
        </span>
        <b>
          {prefix}
          {formatPercent(value)}
        </b>
      </div>
      <Slider
        size={4}
        thumbSize={16}
        label={null}
        data-setting={name}
        min={field.min}
        max={field.max}
        step={field.step}
        value={value}
        disabled={disabled}
        thumbLabel={field.label}
        thumbProps={{ 'aria-description': field.help }}
        onChange={(next) => onChange(Number(next.toFixed(4)))}
      />
    </div>
  );
}
