import type { ArmResult, BenchmarkResult, NetworkSummary, RowId } from '../../../worker/verification/protocol.ts';

/** A network's results, all of it made up but for the headline. */
export function armResult(headline: number, deviation?: number): ArmResult {
  return {
    headline,
    ...(deviation === undefined ? {} : { deviation }),
    auc: 0.9,
    eer: 0.1,
    tars: [
      { far: 0.1, tar: 0.8, resolvable: true },
      { far: 0.001, tar: 0.3, resolvable: false },
    ],
    roc: { far: [0.001, 1], tar: [0, 1] },
    histogram: { from: 0, to: 1, same: [1], different: [1] },
    threshold: 0.3,
  };
}

interface SampleResult {
  readonly row?: RowId;
  readonly values?: readonly number[];
  readonly difference?: readonly [value: number, low: number, high: number];
  readonly claimed?: boolean;
  readonly far?: number;
  readonly file?: string;
}

/** A filled row. Differences are shares. */
export function benchmarkResult(sample: SampleResult = {}): BenchmarkResult {
  const { row = 'lfw', values = [0.631, 0.64], difference, claimed = false, far, file } = sample;
  const [value, low, high] = difference ?? [0.009, -0.003, 0.021];
  return {
    row,
    source: file === undefined ? { kind: 'synthetic', name: 'Drawn LFW' } : { kind: 'file', name: file },
    protocol: far === undefined ? 'pairs' : 'templates',
    pairsAsGiven: true,
    pairs: 1000,
    samePairs: 500,
    images: 1200,
    ...(far === undefined ? {} : { far }),
    arms: values.map((headline) => armResult(headline, far === undefined ? 0.019 : undefined)),
    ...(values.length < 2
      ? {}
      : {
          comparison: {
            difference: value,
            interval: [low, high],
            foldInterval: [low, high],
            identityInterval: [low, high],
            resampled: 'identities',
            onlyFirst: 3,
            onlySecond: 12,
            mcNemar: 0.0352,
            chance: claimed ? 0.0001 : 0.0352,
          },
        }),
    hardest: [],
    pictures: { size: 16, images: new Uint8Array(0) },
    milliseconds: 5,
  };
}

/** An arm of the page's run, or a model from a file. */
export function networkSummary(change: Partial<NetworkSummary> = {}): NetworkSummary {
  return {
    id: 'run/1/standard',
    name: 'Standard',
    detail: 'Your run',
    arm: 'standard',
    step: 2400,
    seed: 1,
    size: 48,
    region: 'tight',
    coded: false,
    ...change,
  };
}
