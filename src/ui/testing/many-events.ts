import type { ScriptedClient } from '../../client/testing/scripted-client.ts';
import type { RunStore } from '../state/run-state.ts';

/** Reports `count` re-activations of a filter each, two steps apart, in a 3 × 3 first layer of 32 filters. */
export function manyEvents(client: ScriptedClient, store: RunStore, count: number): void {
  const run = store.getState().run;
  if (run === undefined) return;
  const strategy = run.config.strategy;
  const before = new Float32Array(27).fill(0.001);
  for (let event = 1; event <= count; event++) {
    const after = Float32Array.from(before, (_, place) => Math.sin(place * event));
    client.emit({
      type: 'run-event',
      event: {
        type: 'reactivation',
        runId: run.runId,
        arm: 'craft',
        step: event * 2,
        strategy,
        filters: [event % 32],
        before,
        after,
        donors: [],
        values: [0.001],
      },
    });
  }
}
