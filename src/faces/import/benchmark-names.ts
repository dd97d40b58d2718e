import type { BenchmarkId } from '../benchmark-source.ts';

/** The usual name of a benchmark's file or folder, and the benchmark's name in tables. */
const BENCHMARKS: readonly { readonly id: BenchmarkId; readonly title: string; readonly pattern: RegExp }[] = [
  { id: 'agedb-30', title: 'AgeDB-30', pattern: /agedb/i },
  { id: 'calfw', title: 'CALFW', pattern: /calfw/i },
  { id: 'cplfw', title: 'CPLFW', pattern: /cplfw/i },
  { id: 'cfp-fp', title: 'CFP-FP', pattern: /cfp[-_ ]?fp/i },
  { id: 'lfw', title: 'LFW', pattern: /(^|[^a-z])lfw/i },
  { id: 'ijb-b', title: 'IJB-B', pattern: /ijb[-_ ]?b/i },
  { id: 'ijb-c', title: 'IJB-C', pattern: /ijb[-_ ]?c/i },
];

/**
 * Which benchmark a file probably holds, by its name alone: a suggestion for a label, since the content of a .bin does
 * not name its pictures. `lfw.bin` is LFW, `cfp_ff.bin` is none of the seven.
 */
export function benchmarkNamed(fileName: string): { readonly id: BenchmarkId; readonly title: string } | undefined {
  return BENCHMARKS.find(({ pattern }) => pattern.test(fileName));
}
