import { stream, type Uniform } from '../../config/random.ts';
import type { FaceSet, RegionName } from '../face-set.ts';
import type { FacePairs } from '../held-out.ts';
import type { Identity } from './identity.ts';
import { drawPerson } from './person.ts';
import { population } from './population.ts';
import { PERSON_TEMPLATES, type TemplateBenchmark, templateBenchmark } from './template-benchmark.ts';
import type { Variation } from './variation.ts';

/** Names that nobody mistakes for the real benchmarks. */
export const BENCHMARK_NAMES: Readonly<Record<Variation, string>> = {
  lfw: 'Drawn LFW',
  'cfp-fp': 'Drawn CFP-FP',
  'agedb-30': 'Drawn AgeDB-30',
  calfw: 'Drawn CALFW',
  cplfw: 'Drawn CPLFW',
  'ijb-b': 'Drawn IJB-B',
  'ijb-c': 'Drawn IJB-C',
  hadrian: 'Drawn Hadrian',
  eclipse: 'Drawn Eclipse',
};

/** Pairs of single photos, as LFW, CFP-FP, AgeDB-30, CALFW, CPLFW, Hadrian and Eclipse compare them. */
export interface PairBenchmark {
  readonly kind: 'pairs';
  readonly name: string;
  readonly faces: FaceSet;
  /** Ten balanced folds, one after the other; no person appears in two folds. */
  readonly pairs: FacePairs;
}

export type SyntheticBenchmark = PairBenchmark | TemplateBenchmark;

export interface BenchmarkOptions {
  readonly variation: Variation;
  /** Photos are of the people of the test part of this seed: never of those a run trains on. */
  readonly seed: number;
  /** Pairs wanted; rounded down to ten folds with as many same as different pairs, at least 20. */
  readonly pairs: number;
  readonly size: number;
  readonly region: RegionName;
  readonly progress?: (done: number, total: number) => void;
  readonly shouldStop?: () => boolean;
}

const BENCHMARK_FOLDS = 10;
const PHOTOS_EACH = 6;

/**
 * Draws the analogue of a benchmark.
 * @throws DrawingStopped when `shouldStop` says so.
 */
export async function syntheticBenchmark(options: BenchmarkOptions): Promise<SyntheticBenchmark> {
  const { variation, seed } = options;
  const aKind = Math.max(1, Math.floor(options.pairs / (2 * BENCHMARK_FOLDS)));
  const name = BENCHMARK_NAMES[variation];
  if (variation === 'ijb-b' || variation === 'ijb-c') {
    const people = Math.max(4, Math.ceil(aKind / PERSON_TEMPLATES[variation]));
    return templateBenchmark({ ...options, variation, name, people, aKind });
  }
  // Hard negatives need enough people in a fold to choose from.
  const people = Math.max(isHard(variation) ? 12 : 4, Math.ceil(aKind / 3));
  const faces = await population({
    ...options,
    part: 'test',
    identities: people * BENCHMARK_FOLDS,
    imagesPerIdentity: PHOTOS_EACH,
  });
  return { kind: 'pairs', name, faces, pairs: photoPairs(variation, seed, people, aKind) };
}

function isHard(variation: Variation): boolean {
  return variation === 'calfw' || variation === 'cplfw' || isAlike(variation);
}

/** Whether different people are compared on one side: both bearded or both shaved, both exposed alike. */
function isAlike(variation: Variation): boolean {
  return variation === 'hadrian' || variation === 'eclipse';
}

function photoPairs(variation: Variation, seed: number, people: number, aKind: number): FacePairs {
  const uniform = stream(seed, 'benchmark', variation);
  const hard = isHard(variation);
  // One side of every pair is an even and one an odd photo: frontal and profile, or younger and older.
  const sides: PairSides = variation === 'lfw' ? 'any' : isAlike(variation) ? 'alike' : 'both';
  const left: number[] = [];
  const right: number[] = [];
  const same: number[] = [];
  for (let fold = 0; fold < BENCHMARK_FOLDS; fold++) {
    const first = fold * people;
    const looks = Array.from({ length: people }, (_, person) => drawPerson(seed, 'test', first + person, variation));
    const seen = new Set<string>();
    for (const alike of [true, false]) {
      for (let index = 0; index < aKind; index++) {
        const person = index % people;
        let drawn: readonly [number, number] = [0, 0];
        // Photos are few and pairs are to differ; a handful of draws always finds a new one.
        for (let attempt = 0; attempt < 50; attempt++) {
          const other = alike ? person : otherPerson(looks, person, hard, uniform);
          drawn = photosOf(first + person, first + other, sides, alike, uniform);
          if (!seen.has(drawn.join())) break;
        }
        seen.add(drawn.join());
        left.push(drawn[0]);
        right.push(drawn[1]);
        same.push(alike ? 1 : 0);
      }
    }
  }
  const distinct = new Set(left.map((image, pair) => `${image},${right[pair]}`)).size;
  return {
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    same: Uint8Array.from(same),
    distinct,
  };
}

/** Photos of a pair: an even and an odd one, of different people two even or two odd ones, or any. */
type PairSides = 'both' | 'alike' | 'any';

function photosOf(
  person: number,
  other: number,
  sides: PairSides,
  alike: boolean,
  uniform: Uniform,
): readonly [number, number] {
  const half = PHOTOS_EACH / 2;
  let a = Math.floor(uniform() * half) * 2;
  let b = Math.floor(uniform() * half) * 2 + 1;
  if (sides === 'alike' && !alike) {
    // Both even or both odd.
    if (uniform() < 0.5) a++;
    else b--;
  }
  if (sides === 'any') {
    a = Math.floor(uniform() * PHOTOS_EACH);
    b = Math.floor(uniform() * (PHOTOS_EACH - 1));
    if (b >= a) b++;
    if (alike && a > b) [a, b] = [b, a];
  }
  return [person * PHOTOS_EACH + a, other * PHOTOS_EACH + b];
}

/** Anybody else; or, where negatives are hard, one of the few of the same sex whose skin is closest in tone. */
function otherPerson(looks: readonly Identity[], person: number, hard: boolean, uniform: Uniform): number {
  const others = looks.map((_, index) => index).filter((index) => index !== person);
  const me = looks[person];
  if (!hard || me === undefined) return others[Math.floor(uniform() * others.length)] ?? 0;
  const distance = (index: number) => {
    const you = looks[index];
    if (you === undefined) return Number.POSITIVE_INFINITY;
    return Math.abs(you.skinTone - me.skinTone) + (you.sex > 0.5 === me.sex > 0.5 ? 0 : 10);
  };
  const closest = others.sort((a, b) => distance(a) - distance(b)).slice(0, Math.min(3, Math.ceil(others.length / 4)));
  return closest[Math.floor(uniform() * closest.length)] ?? 0;
}
