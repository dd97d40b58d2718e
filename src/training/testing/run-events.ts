import type { Arm } from '../../config/arm.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../../config/run-config.ts';
import type { Engine } from '../../network/backend.ts';
import type { FiltersEvent, RunEvent } from '../events.ts';
import { Gate } from '../gate.ts';
import { Session } from '../session.ts';
import { tinyFaces } from './tiny-faces.ts';

/** A network small enough for plain JavaScript. */
export const TINY_CONFIG: RunConfig = {
  ...DEFAULT_CONFIG,
  imageSize: 16,
  filters: 8,
  width: 8,
  embeddingSize: 16,
  batchSize: 8,
  steps: 12,
  warmupSteps: 2,
  telemetryEvery: 1,
  kernelEvery: 1,
  verifyEvery: 0,
  verifyPairs: 20,
  scale: 16,
};

/** Every filter falls below this in the first steps, but for the strong half: re-activation has something to do. */
export const MANY_DIE = { criterion: 'relativeNorm', rho: 0.9, checkEvery: 25, stopAt: 100 } as const;

/** Trains to the end; `react` sees every event as it happens and may pause, step or stop the session. */
export async function runToEnd(
  engine: Engine,
  change: Partial<RunConfig>,
  react: (event: RunEvent, session: Session) => void = () => {},
  paused = false,
  arms?: readonly Arm[],
): Promise<RunEvent[]> {
  const session = new Session({
    runId: 'test',
    config: { ...TINY_CONFIG, ...change },
    faces: tinyFaces(),
    engine,
    gate: new Gate(paused),
    ...(arms === undefined ? {} : { arms }),
  });
  const events: RunEvent[] = [];
  for await (const event of session.run()) {
    events.push(event);
    react(event, session);
  }
  session.dispose();
  return events;
}

/** The events of one type, narrowed. */
export function only<Type extends RunEvent['type']>(
  events: readonly RunEvent[],
  type: Type,
): readonly Extract<RunEvent, { readonly type: Type }>[] {
  return events.filter((event): event is Extract<RunEvent, { readonly type: Type }> => event.type === type);
}

/** The readings of an arm that carry its first kernel. */
export function kernelsOf(events: readonly RunEvent[], arm: string): readonly FiltersEvent[] {
  return only(events, 'filters').filter((event) => event.arm === arm && event.kernel !== undefined);
}
