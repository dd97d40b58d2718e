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
      {ALL_PRESETS.map(({ id, name, text, audience, deaths }) => (
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
          <span className={styles.about}>
            <span className={styles.name}>{name}</span>
            <span className={styles.row} id={`preset-${id}`}>
              <span>
                <span className={styles.text}>{text}</span>
                <span className={styles.audience}>
                  {audience}. {presetSize(id)}
                </span>
              </span>
              {deaths !== undefined && <Deaths count={deaths} />}
            </span>
          </span>
        </Radio.Card>
      ))}
    </Radio.Group>
  );
}

/** 32 squares, a dashed one for each filter that dies. */
function Deaths({ count }: { readonly count: number }) {
  return (
    <span className={styles.deaths} aria-hidden="true">
      {Array.from({ length: 32 }, (_, place) => (
        // Thirteen does not divide 32: the dead ones are spread over the squares.
        // biome-ignore lint/suspicious/noArrayIndexKey: the squares never move.
        <i key={place} data-dead={(place * 13) % 32 < count || undefined} />
      ))}
    </span>
  );
}
