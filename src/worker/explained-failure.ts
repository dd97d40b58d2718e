import type { RunConfig } from '../config/run-config.ts';
import type { Engine } from '../network/backend.ts';
import type { FailedEvent } from '../training/events.ts';
import { engineFailure } from '../training/failure.ts';

/** In milliseconds; so long at most a failed run waits for word from its device. */
const LOSS_IS_REPORTED_WITHIN = 500;

/** An error of a device that is lost says little; the device says so itself, a moment later. */
export async function explainedFailure(event: FailedEvent, engine: Engine, config: RunConfig): Promise<FailedEvent> {
  if (event.failure.code !== 'internal' && event.failure.code !== 'out-of-memory') return event;
  const later = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), LOSS_IS_REPORTED_WITHIN));
  const technical = await Promise.race([engine.failed, later]);
  if (technical === undefined) return event;
  return { ...event, failure: engineFailure(technical, { config, step: event.step }) };
}
