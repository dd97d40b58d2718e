import { Button, Tooltip } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerTrackNextFilled,
  IconRotate,
} from '@tabler/icons-react';
import type { OwnFaces } from '../../client/study-faces.ts';
import type { StudyPlan } from '../../study/plan.ts';
import buttons from '../kit/run-buttons.module.css';
import { resumeStudy, startStudy, useStudy } from './study-store.ts';

interface StudyButtonsProps {
  readonly narrow: boolean;
  /** The plan that is written in the rail; undefined where it cannot be trained. */
  readonly plan: StudyPlan | undefined;
  /** Own faces of the Train tab. */
  readonly own: OwnFaces | undefined;
  /** Faces or files of the study are not here. */
  readonly lacks: boolean;
  readonly onPlan: () => void;
  readonly onReset: () => void;
}

/** Start, pause or resume; skip; reset; on a narrow page the plan too. */
export function StudyButtons({ narrow, plan, own, lacks, onPlan, onReset }: StudyButtonsProps) {
  useStudy(({ version }) => version);
  const study = useStudy((state) => state.study);
  const elsewhere = useStudy((state) => state.elsewhere);
  const preparing = useStudy((state) => state.preparing);
  const phase = study?.phase;
  const running = study?.cells.filter((cell) => cell.phase === 'running') ?? [];
  const [last] = running.slice(-1);
  return (
    <section className={buttons.buttons} aria-label="Study" data-narrow={narrow || undefined}>
      {study === undefined ? (
        <Button
          className={buttons.toggle ?? ''}
          data-testid="study-start"
          leftSection={<IconPlayerPlayFilled size={15} />}
          disabled={plan === undefined || preparing}
          onClick={() => plan && void startStudy(plan, own)}
        >
          {preparing ? 'Reading faces' : 'Run study'}
        </Button>
      ) : (
        <Button
          className={buttons.toggle ?? ''}
          data-testid="study-toggle"
          data-phase={phase}
          leftSection={phase === 'running' ? <IconPlayerPauseFilled size={15} /> : <IconPlayerPlayFilled size={15} />}
          disabled={elsewhere || preparing || lacks || phase === 'pausing' || phase === 'finished'}
          onClick={() => (phase === 'running' ? study.pause() : void resumeStudy(own))}
        >
          {phase === 'running'
            ? 'Pause'
            : phase === 'pausing'
              ? 'Pausing'
              : phase === 'finished'
                ? 'Finished'
                : 'Resume'}
        </Button>
      )}
      <Tooltip label="End the current run at this step and start the next">
        <Button
          variant="default"
          data-testid="study-skip"
          aria-label="Skip"
          leftSection={narrow ? undefined : <IconPlayerTrackNextFilled size={14} />}
          disabled={phase !== 'running' || last === undefined}
          onClick={() => last && study?.skip(last.cell)}
        >
          {narrow ? <IconPlayerTrackNextFilled size={16} /> : 'Skip'}
        </Button>
      </Tooltip>
      <Tooltip label="End this study and plan another">
        <Button
          variant="default"
          data-testid="study-reset"
          aria-label="Reset"
          leftSection={narrow ? undefined : <IconRotate size={15} />}
          disabled={study === undefined || elsewhere}
          onClick={onReset}
        >
          {narrow ? <IconRotate size={17} /> : 'Reset'}
        </Button>
      </Tooltip>
      {narrow && (
        <Button
          variant="default"
          className={buttons.settings ?? ''}
          data-testid="study-plan"
          leftSection={<IconAdjustmentsHorizontal size={16} />}
          onClick={onPlan}
        >
          Plan
        </Button>
      )}
    </section>
  );
}
