import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/**
 * Counts, of each kind of kill, how many runs there were and how many survived; prints them for docs/reliability.md.
 */
export default class KillTable implements Reporter {
  readonly #kinds = new Map<string, { kills: number; survived: number; skipped: number }>();

  onTestEnd({ parent }: TestCase, { status }: TestResult): void {
    const kind = this.#kinds.get(parent.title) ?? { kills: 0, survived: 0, skipped: 0 };
    if (status === 'skipped') kind.skipped++;
    else kind.kills++;
    if (status === 'passed') kind.survived++;
    this.#kinds.set(parent.title, kind);
  }

  onEnd(): void {
    console.log('\n| killed part, and when | kills | survived |\n|---|---:|---:|');
    for (const [kind, { kills, survived, skipped }] of this.#kinds) {
      console.log(`| ${kind}${skipped === 0 ? '' : ` (${skipped} skipped)`} | ${kills} | ${survived} |`);
    }
  }
}
