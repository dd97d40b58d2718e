import { Radio } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { ALL_PRESETS, type PresetId, withPreset } from '../../../config/presets.ts';
import { formatEstimate } from '../../../config/quantity.ts';
import { isLong, useDuration } from '../../state/step-times.ts';
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
          aria-describedby={`preset-${id} duration-${id}`}
          aria-label={name}
        >
          <Radio.Indicator size="xs" className={styles.indicator ?? ''} />
          <span className={styles.about}>
            <span className={styles.head}>
              <span className={styles.name}>{name}</span>
              <Duration id={id} />
            </span>
            <span className={styles.row} id={`preset-${id}`}>
              <span>
                <span className={styles.text}>{text}</span>
                <span className={styles.audience}>{audience}</span>
              </span>
              {deaths !== undefined && <Deaths count={deaths} />}
            </span>
          </span>
        </Radio.Card>
      ))}
    </Radio.Group>
  );
}

/** How long the preset takes on this computer, as far as that is measured. */
function Duration({ id }: { readonly id: PresetId }) {
  const config = useRunState((state) => state.config);
  const duration = useDuration(withPreset(id, config));
  const long = duration !== undefined && isLong(duration);
  return (
    <span
      id={`duration-${id}`}
      className={styles.duration}
      data-testid="preset-duration"
      data-long={long || undefined}
      data-unknown={duration === undefined || undefined}
      title={DURATION_RULE}
    >
      {long && <IconClock size={13} stroke={2} aria-hidden="true" />}
      {duration === undefined ? 'not measured yet' : formatEstimate(duration).replace('about ', '≈ ')}
    </span>
  );
}

const DURATION_RULE =
  'Some training steps were timed on this computer and counted up to the whole run; a step too heavy to be tried was scaled from a part of its batch, or from a lighter network by its multiplications. The drawing of faces is not counted.';

/** 32 squares, a dashed one for each filter that died in our runs. */
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
