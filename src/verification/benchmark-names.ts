/** The seven benchmarks of a verification table, in their usual order, with the usual names of their files and folders. */
const BENCHMARKS = [
  { id: 'lfw', title: 'LFW', pattern: /(^|[^a-z])lfw/i },
  { id: 'cfp-fp', title: 'CFP-FP', pattern: /cfp[-_ ]?fp/i },
  { id: 'agedb-30', title: 'AgeDB-30', pattern: /agedb/i },
  { id: 'calfw', title: 'CALFW', pattern: /calfw/i },
  { id: 'cplfw', title: 'CPLFW', pattern: /cplfw/i },
  { id: 'ijb-b', title: 'IJB-B', pattern: /ijb[-_ ]?b/i },
  { id: 'ijb-c', title: 'IJB-C', pattern: /ijb[-_ ]?c/i },
] as const;

/** A benchmark and its name in tables. */
export interface BenchmarkName {
  readonly id: (typeof BENCHMARKS)[number]['id'];
  readonly title: string;
}

/** All seven, in the order in which papers report them. */
export const BENCHMARK_TITLES: readonly BenchmarkName[] = BENCHMARKS;

/** Benchmarks with the photos of one of the seven, and other pairs. */
const RELATIVES = /[a-z]lfw|cfp[-_ ]?ff/i;

/**
 * Which benchmark a file probably holds, by its name alone: a suggestion for a label, since the content of a .bin does
 * not name its pictures. `lfw.bin` is LFW, `cfp_ff.bin` is none of the seven. Of a path the last part counts that names
 * any: `lfw/agedb_30.bin` is AgeDB-30, and `lfw/pair_SLLFW.txt` none.
 */
export function benchmarkNamed(path: string): BenchmarkName | undefined {
  for (const part of path.split('/').reverse()) {
    const named = BENCHMARKS.find(({ pattern }) => pattern.test(part));
    if (named !== undefined || RELATIVES.test(part)) return named;
  }
  return undefined;
}
