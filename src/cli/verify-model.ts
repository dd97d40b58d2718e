import { stream } from '../config/random.ts';
import type { BenchmarkSource } from '../faces/benchmark-source.ts';
import { hasBalancedFolds, interleavedOrder } from '../verification/pair-order.ts';
import { type PairsReport, pairsReport, type TemplatesReport, templatesReport } from '../verification/report.ts';
import { headlineFar } from '../verification/roc.ts';
import { compareArms, compareTars, type Significance, sentenceOf } from '../verification/significance.ts';

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
  const order = interleave ? interleavedOrder(pairs.same) : Int32Array.from(pairs.same, (_, pair) => pair);
  const same = Uint8Array.from(order, (pair) => pairs.same[pair] ?? 0);
  const arms = new Map(
    [...scored].map(([name, distances]) => [name, Float64Array.from(order, (pair) => distances[pair] ?? Number.NaN)]),
  );
  const reportOf = kind === 'pairs' ? pairsReport : templatesReport;
  const report = {
    data: source.name,
    origin: source.origin.kind,
    protocol: kind,
    images: source.imageCount,
    balancedFolds: hasBalancedFolds(same),
    arms: Object.fromEntries([...arms].map(([name, distances]) => [name, reportOf(distances, same)])),
  };
  const first = arms.get('standard');
  const second = arms.get('craft');
  if (first === undefined || second === undefined) return report;
  const people = pairs.identities && {
    left: order.map((pair) => pairs.identities?.left[pair] ?? 0),
    right: order.map((pair) => pairs.identities?.right[pair] ?? 0),
  };
  const compared = { first, second, same, ...(people === undefined ? {} : { identities: people }) };
  const uniform = stream(1, 'bootstrap');
  if (kind === 'pairs') {
    const significance = compareArms(compared, uniform);
    return { ...report, comparison: { ...significance, sentence: sentenceOf(significance, 'Standard', 'CRAFT') } };
  }
  const far = headlineFar(same.reduce((different, answer) => different + 1 - answer, 0));
  const significance = compareTars(compared, far, uniform);
  return {
    ...report,
    comparison: { ...significance, far, sentence: sentenceOf(significance, 'Standard', 'CRAFT', { far }) },
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
    ...report.tarAtFar.map(({ far, tar }) => {
      const tooFine = far * different < 1 ? `, but ${different} different pairs cannot tell this rate from none` : '';
      return `TAR@FAR=${far.toExponential(0)} ${percent(tar)}${tooFine}`;
    }),
  ].join('\n');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
