import { stream } from '../../config/random.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { CRITERIA } from '../../craft/activity.ts';
import { STRATEGIES } from '../../craft/strategies.ts';

/** Banks of 16 filters of 27 weights, of which some are dead, some weak; every criterion and strategy comes up. */
export const FILTER_BANKS = CRITERIA.flatMap((criterion, c) =>
  STRATEGIES.map((strategy, s) => {
    const draw = stream(10 * c + s, 'bank');
    const settings = { ...DEFAULT_CONFIG, criterion, strategy, strongShare: 0.3 + 0.1 * s, checkEvery: 1 + 3 * s };
    const filters = Array.from({ length: 16 }, (_, f) => {
      const size = f % 5 === 0 ? 1e-3 : f % 7 === 0 ? 0.03 : 1;
      return Array.from({ length: 27 }, () => Math.fround(size * (draw() - 0.5)));
    });
    const positive = () => Array.from({ length: 16 }, () => Math.fround(0.2 + draw()));
    return { settings, filters, gamma: positive(), variance: positive() };
  }),
);
