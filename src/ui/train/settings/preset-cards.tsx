import { Radio } from '@mantine/core';
import { ALL_PRESETS, presetSize } from '../../../config/presets.ts';
import { useActions, useRunState } from '../../state/store-context.tsx';
import styles from './preset-cards.module.css';

/** The recipes to choose from. */
export function PresetCards() {
  const { choosePreset } = useActions();
  const preset = useRunState((state) => state.preset);
  const choose = (value: string) => {
    const chosen = ALL_PRESETS.find(({ id }) => id === value);
    if (chosen !== undefined) choosePreset(chosen.id);
  };
  return (
    <Radio.Group value={preset ?? null} onChange={choose} aria-label="Preset">
      {ALL_PRESETS.map(({ id, name, text }) => (
        <Radio.Card
          key={id}
          value={id}
          className={styles.card ?? ''}
          data-preset={id}
          withBorder={false}
          aria-describedby={`preset-${id}`}
          aria-label={name}
        >
          <Radio.Indicator size="xs" className={styles.indicator ?? ''} />
          <span>
            <span className={styles.name}>{name}</span>
            <span className={styles.text} id={`preset-${id}`}>
              {presetSize(id)}. {text}
            </span>
          </span>
        </Radio.Card>
      ))}
    </Radio.Group>
  );
}
