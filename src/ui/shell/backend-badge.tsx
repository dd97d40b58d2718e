import { Tooltip } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { armsOf } from '../../config/arm.ts';
import { ENGINE_NAMES } from '../../config/engine-names.ts';
import { type ThreadPlan, threadPlan, threadsOf } from '../../config/thread-plan.ts';
import { isHardware } from '../state/engine.ts';
import { useRunState } from '../state/store-context.tsx';
import { look } from '../state/view-store.ts';
import styles from './backend-badge.module.css';

/** The backend that trains and its adapter. */
export function BackendBadge() {
  const engine = useRunState((state) => state.engine);
  const arms = useRunState(({ config }) => armsOf(config).length);
  const failed = useRunState(({ engineFailure }) => engineFailure !== undefined);
  if (engine === undefined) {
    return (
      <span className={styles.badge} data-testid="backend-badge" data-tone={failed ? 'warning' : undefined}>
        {failed ? 'No engine' : 'Looking for an engine'}
      </span>
    );
  }
  const plan = threadPlan(engine, arms, engine.threads ?? 1);
  const threads = threadsOf(plan);
  const hardware = isHardware(engine);
  const name = ENGINE_NAMES[engine.backend];
  const badge = (
    <span
      className={styles.badge}
      data-testid="backend-badge"
      data-backend={engine.backend}
      data-tone={engine.software ? 'warning' : undefined}
    >
      {engine.software ? (
        <IconAlertTriangle size={13} aria-hidden="true" />
      ) : (
        <span className={styles.dot} data-hollow={!hardware || undefined} aria-hidden="true" />
      )}
      <span>{name}</span>
      <span className={styles.adapter}>
        {' '}
        · {engine.adapter}
        {threads > 1 && ` · ${threads} threads`}
      </span>
    </span>
  );
  const label = `Trains with ${name} on ${engine.adapter}${sharesOf(plan)}.`;
  if (hardware) return <Tooltip label={`${label} Choose another engine under Run in the settings.`}>{badge}</Tooltip>;
  return (
    <Tooltip label={`${label} No graphics card is used: press for advice.`}>
      <button type="button" className={styles.press} onClick={() => look({ webgpuHelpOpen: true })}>
        {badge}
      </button>
    </Tooltip>
  );
}

function sharesOf({ arms, each }: ThreadPlan): string {
  if (each === 1) return arms > 1 ? ', each arm on a thread of its own' : '';
  return arms > 1 ? `, each arm on ${each} threads of its own` : `, ${each} threads sharing each step`;
}
