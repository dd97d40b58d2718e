import type { BenchmarkSource } from '../faces/benchmark-source.ts';
import { hasBalancedFolds, interleavedOrder } from '../verification/pair-order.ts';
import type { PairsReport, TemplatesReport } from '../verification/report.ts';
import { isResolvable, keepsFar, type TarAtFar } from '../verification/roc.ts';
import { verification } from '../verification/scored-pairs.ts';
import { type Significance, sentenceOf } from '../verification/significance.ts';

/** The result of `npm run verify -- --model`, written as JSON. */
export interface ModelReport {
  /** Name of the data, and whether it was drawn or came from a file. */
  readonly data: string;
  readonly origin: 'synthetic' | 'file';
  readonly protocol: 'pairs' | 'templates';
  readonly images: number;
  /** Whether the ten folds are balanced, as the protocol takes for granted. */
  readonly balancedFolds: boolean;
  readonly arms: Readonly<Record<string, PairsReport | TemplatesReport>>;
  /** CRAFT against Standard, where both were scored: accuracies, or of templates true-accept rates at `far`. */
  readonly comparison?: Significance & { readonly sentence: string; readonly far?: number };
}

/**
 * Reports on the arms that were scored and compares them. The pairs' own order is kept, as the reference implementation
 * does, unless `interleave` asks for folds that hold both kinds of pairs.
 * @throws VerificationProblem
 */
export function modelReport(
  source: BenchmarkSource,
  scored: ReadonlyMap<string, Float64Array<ArrayBuffer>>,
  interleave: boolean,
): ModelReport {
  const { pairs, kind } = source;
  const order = interleave ? interleavedOrder(pairs.same) : undefined;
  const names = [...scored.keys()];
  const found = verification(
    { protocol: kind, same: pairs.same, identities: pairs.identities, distances: [...scored.values()] },
    { order, compared: [names.indexOf('standard'), names.indexOf('craft')] },
  );
  const { far, comparison } = found;
  return {
    data: source.name,
    origin: source.origin.kind,
    protocol: kind,
    images: source.imageCount,
    balancedFolds: hasBalancedFolds(found.same),
    arms: Object.fromEntries(found.networks.map(({ report }, place) => [names[place] ?? '', report])),
    ...(comparison === undefined
      ? {}
      : {
          comparison: {
            ...comparison,
            ...(far === undefined ? {} : { far }),
            sentence: sentenceOf(comparison, 'Standard', 'CRAFT', { far }),
          },
        }),
  };
}

/** A report as lines for a person. */
export function summaryOf(report: PairsReport | TemplatesReport): string {
  const different = report.pairs - report.samePairs;
  return [
    `${report.pairs} pairs, ${report.samePairs} of one person`,
    ...('accuracy' in report
      ? [
          `accuracy ${percent(report.accuracy)}, deviation ${percent(report.deviation)} over ${report.folds.length} folds`,
        ]
      : []),
    `AUC ${report.auc.toFixed(5)}, EER ${percent(report.eer)}`,
    ...report.tarAtFar.map((rate: Pick<TarAtFar, 'far' | 'tar'> & Partial<TarAtFar>) => {
      const { far, tar, measuredFar = far } = rate;
      const tooFine = isResolvable(far, different) ? '' : `, but ${different} different pairs cannot resolve this rate`;
      const missed = keepsFar(rate, different)
        ? ''
        : `, but at a measured false-accept rate of ${percent(measuredFar)}`;
      return `TAR@FAR=${far.toExponential(0)} ${percent(tar)}${tooFine || missed}`;
    }),
  ].join('\n');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
