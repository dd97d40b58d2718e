import { Accordion, SegmentedControl } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useEffect, useEffectEvent } from 'react';
import { settingValue } from '../../../config/difference.ts';
import type { FieldGroup } from '../../../config/field.ts';
import { fieldOf, type RunConfig } from '../../../config/run-config.ts';
import { FieldHelp } from '../../kit/field-help.tsx';
import fields from '../../kit/field-input.module.css';
import { FieldInput } from '../../kit/field-input.tsx';
import { shownFields } from '../../kit/group-fields.ts';
import { useActions, useRunState } from '../../state/store-context.tsx';
import { look, useView } from '../../state/view-store.ts';
import { CraftFields, CraftSwitch } from './craft-group.tsx';
import { DoseGauge } from './dose-gauge.tsx';
import { FacesGroup } from './faces-group.tsx';
import {
  craftSummary,
  facesSummary,
  networkSummary,
  presetSummary,
  recipeSummary,
  runSummary,
} from './group-summary.ts';
import { IMPORT_ID } from './import-progress.tsx';
import { PresetCards } from './preset-cards.tsx';
import styles from './settings-rail.module.css';
import { useReturnToSetting } from './use-return-to-setting.ts';

/** All settings, in groups with a summary while they are shut. */
export function SettingsRail() {
  const config = useRunState((state) => state.config);
  const faces = useRunState((state) => state.faces);
  const preset = useRunState((state) => state.preset);
  const run = useRunState((state) => state.run);
  const started = useRunState(({ run }) => run !== undefined);
  const { open, setOpen, unfold } = useUnfoldedGroups(started);
  useReturnToSetting(unfold);
  const importing = faces.importing?.requestId;
  const unfoldFaces = useEffectEvent(() => unfold('faces'));
  useEffect(() => {
    if (importing !== undefined) unfoldFaces();
  }, [importing]);
  const isOpen = (group: string) => open.includes(group);
  const showsFaces = isOpen('faces');
  useEffect(() => {
    // Files may be dropped anywhere on the page, and their group be out of sight.
    if (importing !== undefined && showsFaces) document.getElementById(IMPORT_ID)?.scrollIntoView({ block: 'center' });
  }, [importing, showsFaces]);
  return (
    <Accordion
      multiple
      value={open}
      onChange={setOpen}
      order={2}
      keepMountedMode="display-none"
      transitionDuration={0}
      chevron={<IconChevronRight size={15} stroke={1.8} />}
      radius={0}
      classNames={{
        item: styles.item ?? '',
        control: styles.control ?? '',
        chevron: styles.chevron ?? '',
        label: styles.label ?? '',
        content: styles.content ?? '',
      }}
    >
      <Group id="preset" title="Preset" open={isOpen('preset')} summary={presetSummary(preset)}>
        <PresetCards />
      </Group>
      <DoseGauge />
      <Group id="faces" title="Faces" open={isOpen('faces')} summary={facesSummary(config, faces, run)}>
        <FacesGroup />
      </Group>
      <Group id="network" title="Network" open={isOpen('network')} summary={networkSummary(config)}>
        <Fields group="network" config={config} />
      </Group>
      <Group id="recipe" title="Recipe" open={isOpen('recipe')} summary={recipeSummary(config)}>
        <Fields group="recipe" config={config} />
      </Group>
      <Group
        id="craft"
        title="CRAFT"
        open={isOpen('craft')}
        summary={craftSummary(config)}
        beside={!isOpen('craft') && <CraftSwitch compact />}
      >
        {isOpen('craft') && <CraftFields />}
      </Group>
      <Group id="arms" title="Arms" open={isOpen('arms')} summary={settingValue('arms', config)}>
        <Arms />
      </Group>
      <Group id="run" title="Run" open={isOpen('run')} summary={runSummary(config)}>
        <Fields group="run" config={config} />
      </Group>
    </Accordion>
  );
}

/** The groups that are unfolded; they stay so where the settings move between rail and drawer. */
function useUnfoldedGroups(started: boolean) {
  const unfolded = useView((view) => view.unfolded);
  // Before a run one chooses a preset; while it trains one plays with CRAFT.
  const open = unfolded?.started === started ? unfolded.groups : started ? ['craft', 'arms'] : ['preset', 'arms'];
  const setOpen = (groups: string[]) => look({ unfolded: { started, groups } });
  return { open, setOpen, unfold: (group: FieldGroup) => setOpen([...new Set([...open, group])]) };
}

interface GroupProps {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly open: boolean;
  /** A control beside the header, reachable while the group is shut. */
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}

function Group({ id, title, summary, open, beside, children }: GroupProps) {
  return (
    <Accordion.Item value={id}>
      <div className={styles.head}>
        <Accordion.Control>
          <span className={styles.title}>{title}</span>
          {!open && <span className={styles.summary}>{summary}</span>}
        </Accordion.Control>
        {beside && <div className={styles.beside}>{beside}</div>}
      </div>
      <Accordion.Panel>{children}</Accordion.Panel>
    </Accordion.Item>
  );
}

function Fields({ group, config }: { readonly group: FieldGroup; readonly config: RunConfig }) {
  return (
    <div className={fields.fields}>
      {shownFields(group, config).map((key) => (
        <FieldInput key={key} name={key} />
      ))}
    </div>
  );
}

function Arms() {
  const { setConfig } = useActions();
  const arms = useRunState(({ config }) => config.arms);
  const waits = useRunState(({ config, run }) => run?.alive === true && run.config.arms !== config.arms);
  const field = fieldOf('arms');
  if (field.kind !== 'choice') return null;
  return (
    <>
      <SegmentedControl
        fullWidth
        size="xs"
        withItemsBorders={false}
        data-testid="arms"
        aria-label="Arms"
        data={Object.entries(field.options).map(([value, label]) => ({ value, label }))}
        value={arms}
        onChange={(value) => setConfig(armsChange(value))}
      />
      <p className={styles.note}>
        Same seed and same batches. The arms are identical until the first re-activation.{' '}
        <FieldHelp name="arms" inline />
        {waits && <b> From the next run.</b>}
      </p>
    </>
  );
}

function armsChange(value: string): Partial<RunConfig> {
  return value === 'standard' || value === 'craft' || value === 'both' ? { arms: value } : {};
}
