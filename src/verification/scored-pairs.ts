import { stream } from '../config/random.ts';
import type { PairIdentities } from './bootstrap.ts';
import { foldRanges } from './folds.ts';
import { type PairsReport, pairsReport, type TemplatesReport, templatesReport } from './report.ts';
import { headlineFar, nearestFar, type RocCurve, rocCurve } from './roc.ts';
import { compareArms, compareTars, type Significance } from './significance.ts';

/** Pairs of a benchmark, scored by networks. */
export interface ScoredPairs {
  readonly protocol: 'pairs' | 'templates';
  /** [P], 1 where both sides show one person. */
  readonly same: ArrayLike<number>;
  /** [P], whom each side shows, where that is known. */
  readonly identities?: PairIdentities | undefined;
  /** [P] squared distances by each network. */
  readonly distances: readonly ArrayLike<number>[];
}

/** One network's figures on the pairs. */
export interface VerifiedNetwork {
  readonly distances: Float64Array<ArrayBuffer>;
  readonly report: PairsReport | TemplatesReport;
  readonly roc: RocCurve;
}

/** The result of a benchmark, as the page and the command line show it. */
export interface Verification {
  /** [P], 1 where both sides show one person; in the order of the folds. */
  readonly same: Uint8Array<ArrayBuffer>;
  /** Of templates: the false-accept rate of the headline. */
  readonly far?: number;
  /** One for each list of distances. */
  readonly networks: readonly VerifiedNetwork[];
  /** Of the two networks that were to be compared. */
  readonly comparison?: Significance;
}

export interface VerificationOptions {
  /** [P]: pair `order[i]` is the i-th of the folds; without it the pairs keep their order. */
  readonly order?: Int32Array | undefined;
  /** Places of the two networks to compare, first and second. */
  readonly compared?: readonly [first: number, second: number];
}

/**
 * All figures of scored pairs by their protocol, and the comparison of two networks.
 * @throws VerificationProblem `sizes-differ`, `too-few-pairs`, `one-kind-of-pair`
 */
export function verification(pairs: ScoredPairs, { order, compared = [0, 1] }: VerificationOptions = {}): Verification {
  const inOrder = (values: ArrayLike<number>) => (at: number) => values[order?.[at] ?? at] ?? Number.NaN;
  const ordered = (values: ArrayLike<number>) => {
    const of = inOrder(values);
    return Float64Array.from({ length: values.length }, (_, at) => of(at));
  };
  const { protocol } = pairs;
  const sameAt = inOrder(pairs.same);
  const same = Uint8Array.from({ length: pairs.same.length }, (_, at) => sameAt(at));
  const samePairs = same.reduce((sum, answer) => sum + answer, 0);
  const far = protocol === 'templates' ? headlineFar(same.length - samePairs) : undefined;
  const networks = pairs.distances.map((values): VerifiedNetwork => {
    const distances = ordered(values);
    const roc = rocCurve(distances, same);
    const report = protocol === 'pairs' ? pairsReport(distances, same, roc) : templatesReport(roc);
    return { distances, report, roc };
  });
  const found = { same, ...(far === undefined ? {} : { far }), networks };
  const [first, second] = compared.map((place) => networks[place]?.distances);
  if (first === undefined || second === undefined) return found;
  const people = pairs.identities && { left: ordered(pairs.identities.left), right: ordered(pairs.identities.right) };
  const both = { first, second, same, ...(people === undefined ? {} : { identities: people }) };
  const uniform = stream(1, 'bootstrap');
  return { ...found, comparison: far === undefined ? compareArms(both, uniform) : compareTars(both, far, uniform) };
}

/** [P]: the squared distance below which the network says "same", pair by pair: of the pair's fold, or at `far`. */
export function thresholdsOf({ distances, report, roc }: VerifiedNetwork, far?: number): Float64Array<ArrayBuffer> {
  const thresholds = new Float64Array(distances.length);
  if ('folds' in report) {
    foldRanges(distances.length).forEach(({ start, end }, fold) => {
      thresholds.fill(report.folds[fold]?.threshold ?? 0, start, end);
    });
    return thresholds;
  }
  const farthest = far === undefined ? Number.NEGATIVE_INFINITY : (roc.thresholds[nearestFar(roc, far)] ?? 0);
  // The distance itself is accepted, while pairs are judged strictly below a threshold.
  return thresholds.fill(farthest * (1 + 2 * Number.EPSILON));
}
