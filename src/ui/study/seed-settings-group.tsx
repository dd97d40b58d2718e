import { Checkbox } from '@mantine/core';
import { settingName } from '../../config/difference.ts';
import type { RunConfig } from '../../config/run-config.ts';
import { SEED_SETTINGS, type SeedSetting } from '../../study/plan.ts';
import { useRunState } from '../state/store-context.tsx';
import { draftStudy, useStudyDraft } from '../state/study-draft.ts';
import styles from './plan-rail.module.css';

const OTHERS = SEED_SETTINGS.filter((key) => key !== 'seed');

/** The settings that a seed decides: first weights, order and draws always; split, drawn people and test pairs where it is asked. */
export function SeedSettingsGroup() {
  const also = useStudyDraft((draft) => draft.seedAlso);
  const config = useRunState((state) => state.config);
  return (
    <section className={styles.group}>
      <h2>A seed also decides</h2>
      <ul className={styles.conditions}>
        {OTHERS.map((key) => (
          <li key={key}>
            <Checkbox
              size="xs"
              checked={also.includes(key)}
              label={nameOf(key)}
              onChange={(event) =>
                draftStudy({
                  seedAlso: OTHERS.filter((one) => (one === key ? event.currentTarget.checked : also.includes(one))),
                })
              }
            />
            <small>{also.includes(key) ? 'each its own' : `fixed: ${config[key]}`}</small>
          </li>
        ))}
      </ul>
      <p className={styles.note}>
        A seed always decides first weights, batch order and new filters. With the others fixed, all seeds take the same
        test.
      </p>
    </section>
  );
}

/** The seeds that are the same in all runs: "split seed 1, test seed 1". */
export function fixedSeedsText(config: RunConfig, seedSettings: readonly SeedSetting[]): string {
  const fixed = OTHERS.filter((key) => !seedSettings.includes(key));
  return fixed.length === 0 ? 'nothing' : fixed.map((key) => `${nameOf(key).toLowerCase()} ${config[key]}`).join(', ');
}

function nameOf(key: SeedSetting): string {
  const name = settingName(key);
  return name.charAt(0).toUpperCase() + name.slice(1);
}
