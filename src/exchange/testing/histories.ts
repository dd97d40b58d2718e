import { stream } from '../../config/random.ts';
import type { RunConfig } from '../../config/run-config.ts';
import { architectureOf, firstKernelShape } from '../../network/architecture.ts';
import { armTables, type HistoryTable, type RunHistory, tableWidths } from '../../record/run-history.ts';

/** A history up to `step` with a row of everything every ten steps, a check at step 20 and a switch at step 60. */
export function sampleHistory(config: RunConfig, step: number): RunHistory {
  const kernelShape = firstKernelShape(architectureOf(config, 2));
  const widths = tableWidths(kernelShape);
  const each = kernelShape[0] * kernelShape[1] * kernelShape[2];
  const arm = (name: string) =>
    armTables((table): HistoryTable => {
      const draw = stream(config.seed, name, table);
      const constant = { inactiveShare: 0.25, relativeInactiveShare: 0.5, unusedShare: 0.625, verification: 0.75 };
      const value = Object.entries(constant).find(([key]) => key === table)?.[1];
      const steps = Int32Array.from({ length: Math.floor(step / 10) + 1 }, (_, row) => 10 * row);
      const rows = Float32Array.from(
        { length: steps.length * widths[table] },
        () => value ?? (table === 'inactive' ? Math.round(draw()) : draw()),
      );
      return { steps, rows, stride: 1 };
    });
  return {
    kernelShape,
    arms: { standard: arm('standard'), craft: arm('craft') },
    events: [
      {
        type: 'reactivation',
        step: 20,
        arm: 'craft',
        strategy: 'blend',
        filters: [1, 6],
        donors: [0, 2, 3],
        values: [0.5, 0.25],
        channelsBefore: [0, 0.5, 0, -0.25, 0.25, 0.25],
        channelsAfter: [1, 0.75, 0, 0, 0.25, 0.25],
        before: new Float32Array(2 * each).fill(0.001),
        after: new Float32Array(2 * each).map((_, at) => Math.sin(at)),
      },
      { type: 'craft-switched', step: 60, arm: 'craft', enabled: false },
    ],
    seams: [{ step: 40, lostAt: 44, reason: 'device-lost' }],
  };
}
