import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/*
 * No test may depend on which of two clocks wins: the machine's, or that of the code it runs. The cases that the types
 * of `e2e/playground.ts` do not keep out are found here.
 */

interface Rule {
  readonly files: RegExp;
  readonly forbidden: RegExp;
  readonly sentence: string;
}

const RULES: readonly Rule[] = [
  {
    files: /^e2e\//,
    forbidden: /\b(waitForTimeout|setTimeout|setInterval|networkidle)\b/,
    sentence: 'waits for a time; await an event or a state of the page.',
  },
  {
    files: /^e2e\//,
    forbidden: /\btimeout: [1-9]|\btest\.(slow|setTimeout)\(/,
    sentence: 'has a deadline of its own; those of playwright.config.ts end a hanging test.',
  },
  {
    files: /^e2e\//,
    forbidden: /\bretries: [1-9]|\bretry\b/,
    sentence: 'repeats a failed test.',
  },
  {
    files: /^e2e\/.*\.spec\.ts$/,
    forbidden: /['"]run-(toggle|step)['"]\)\s*\.\w*(click|press|tap|dispatch)/,
    sentence: 'presses the buttons of a run; let a FiniteRun or an EndlessRun do it.',
  },
  {
    files: /^e2e\/.*\.spec\.ts$/,
    forbidden: /\bnew EndlessRun\(|^(?=[\s\S]*(?:Playground\.finite|FiniteRun))[\s\S]*press\('Space'\)/,
    sentence: 'could press a run with an end while it trains; Playground.endless has none.',
  },
  {
    files: /^e2e\/.*\.spec\.ts$/,
    forbidden: /['"`][^'"`]*[#&?]\S*\bsteps=/,
    sentence: 'has the length of a run in a link; Playground.finite and Playground.endless set it.',
  },
  {
    files: /\.test\.tsx?$/,
    forbidden: /\b(test|hook)Timeout\b|^\}, \d[\d_]*\);$/m,
    sentence: 'has a deadline of its own; that of vitest.config.ts ends a hanging test.',
  },
  {
    files: /\.test\.tsx?$/,
    forbidden: /\bperformance\.now\(\)|^(?![\s\S]*useFakeTimers)[\s\S]*\bDate\.now\(\)/,
    sentence: 'measures time; the limit of the test itself ends a hanging one.',
  },
  {
    files: /\.test\.tsx?$/,
    forbidden: /^(?![\s\S]*useFakeTimers)[\s\S]*\b(setTimeout|setInterval)\(/,
    sentence: 'waits for a time; await an event, or use fake timers.',
  },
];

/** The dependences on time of a test, at `path` from the root of the repository; one sentence each. */
export function timed(path: string, source: string): string[] {
  return RULES.filter(({ files, forbidden }) => files.test(path) && forbidden.test(source)).map(
    ({ sentence }) => `${path}: ${sentence}`,
  );
}

/** Checks every test below the root of the repository. */
function checkTests(): string[] {
  return ['e2e', 'src'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .map((file) => join(room, file).split(sep).join('/'))
      .filter((file) => /^e2e\/.*\.ts$|\.test\.tsx?$/.test(file))
      .flatMap((file) => timed(file, readFileSync(file, 'utf8'))),
  );
}

if (process.argv[1]?.endsWith('timing.ts')) {
  const found = checkTests();
  for (const line of found) console.error(line);
  if (found.length > 0) process.exit(1);
}
