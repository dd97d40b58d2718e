import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { scoresFile } from '../cell-scores.ts';
import { conditionFromText, HELD_OUT, type StudyPlan } from '../plan.ts';
import type { ResultRow } from '../results.ts';

const PAIRS = 200;
const PEOPLE = 20;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

/**
 * A study whose condition is better in every seed, on pairs of one of twenty people alone: a difference on these pairs
 * that other people need not show.
 */
export function studyOfOnePerson() {
  const plan: StudyPlan = {
    name: 'one-person',
    config: { ...DEFAULT_CONFIG, steps: 60 },
    conditions: [conditionFromText('blend', DEFAULT_CONFIG)],
    axes: [],
    seeds: SEEDS,
    seedSettings: ['seed'],
    evaluations: [],
    primary: HELD_OUT,
    version: '1',
  };
  const rows: ResultRow[] = [];
  const scores = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const seed of SEEDS) {
    // Standard errs on five or six pairs of the first person, blend on one.
    for (const [condition, wrong] of [['standard', 5 + (seed % 2)] as const, ['blend', 1] as const]) {
      const row = {
        study: plan.name,
        condition,
        axes: '',
        seed,
        step: 60,
        seconds: 1,
        engine: 'wasm',
        adapter: 'SIMD',
      };
      const ended = { ...row, state: 'done', reason: '' } as const;
      rows.push({ ...ended, measure: 'run', benchmark: '', value: 60, pairs: 0 });
      rows.push({
        ...ended,
        measure: 'inactive_share',
        benchmark: '',
        value: condition === 'blend' ? 0.1 : 0.4,
        pairs: 0,
      });
      rows.push({ ...ended, measure: 'accuracy', benchmark: HELD_OUT, value: 1 - wrong / PAIRS, pairs: PAIRS });
      scores.set(`${seed}-${condition}`, scoresFile(new Map([[HELD_OUT, scored(wrong)]])));
    }
  }
  return { plan, rows, scores };
}

/** Pairs of one person and of two in turn; the first `wrong` pairs of the first person have the distance of the others. */
function scored(wrong: number) {
  const same = Uint8Array.from({ length: PAIRS }, (_, pair) => 1 - (pair % 2));
  const left = Int32Array.from(same, (_, pair) => Math.floor((pair * PEOPLE) / PAIRS));
  const right = left.map((person, pair) => (same[pair] === 1 ? person : (person + 1) % PEOPLE));
  const distances = Float64Array.from(same, (one, pair) => (pair < wrong === (one === 1) ? 1.5 : 0.5));
  return { distances, same, identities: { left, right } };
}
