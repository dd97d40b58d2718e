import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { analyse } from '../analysis.ts';
import { cellsOf } from '../cells.ts';
import { conditionFromText, type StudyPlan } from '../plan.ts';
import type { Measure, ResultRow } from '../results.ts';
import { type StudySummary, studySummary } from '../summary.ts';

const PLAN: StudyPlan = {
  name: 'example',
  version: '0.1.0',
  config: { ...DEFAULT_CONFIG, faces: 'own', steps: 100 },
  conditions: ['blend', 'random'].map((name) => conditionFromText(name, DEFAULT_CONFIG)),
  axes: [],
  seeds: Array.from({ length: 12 }, (_, index) => index + 1),
  seedSettings: ['seed'],
  evaluations: [{ name: 'LFW', data: 'lfw.bin' }],
  primary: 'heldout',
  faces: { name: 'people', identities: 40, images: 400, digest: 'ab'.repeat(32) },
};

/** The summary of a finished study of made-up numbers: blend is one point more accurate, random is not. */
export function exampleSummary(): StudySummary {
  const rows = cellsOf(PLAN).flatMap(({ seed, condition, axes }): readonly ResultRow[] => {
    const standard = condition.name === 'standard';
    const wave = seed % 2 === 0 ? 0.002 : -0.002;
    const accuracy = 0.7 + 0.001 * seed + (standard ? 0 : wave) + (condition.name === 'blend' ? 0.01 : 0);
    const row = (measure: Measure, value: number, benchmark = ''): ResultRow => ({
      ...{ study: PLAN.name, condition: condition.name, axes, seed, step: 100, measure, benchmark, value },
      ...{ pairs: benchmark === '' ? 0 : 6000, seconds: 1, engine: 'wasm', adapter: 'SIMD', state: 'done', reason: '' },
    });
    return [
      row('run', 100),
      row('accuracy', accuracy, 'heldout'),
      row('accuracy', accuracy - 0.1, 'LFW'),
      row('inactive_share', (standard ? 0.4 : 0.2) + 0.01 * (seed % 3)),
      row('unused_share', 0.5 + 0.001 * seed),
    ];
  });
  const pairs = PLAN.seeds.map((seed) => ({ seed, value: 0.3 + 0.001 * seed, control: 0.25 }));
  const novelty = [{ axes: '', condition: 'blend', filters: 'active', pairs }] as const;
  return studySummary(PLAN, analyse(PLAN, rows), rows, { twoWay: () => undefined, novelty });
}
