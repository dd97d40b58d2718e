/*
 * The cost of watching:
 *   npx tsx bench/watching.ts [session] [heap] [page] [residual] [start]
 * session: telemetry and checks as a share of the step. heap: the page's store after 100,000 steps. page: long tasks
 * and frames of the page while it trains. residual: the same with checkpoints of a larger network. start: from opening
 * the page to the first step. The page is built first. Writes the chosen parts (all without arguments) to
 * bench/results/watching.json, and docs/benchmarks.md.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeDocs } from './docs.ts';
import { observeMachine } from './machine.ts';
import { type WatchingFigures, type WatchingResult, watchingSchema } from './results.ts';
import { measureHeap } from './watching/heap.ts';
import { measurePage, QUICK_LOOK, RESIDUAL } from './watching/page.ts';
import { measureSession } from './watching/session.ts';
import { measureStart } from './watching/start.ts';

const FILE = fileURLToPath(new URL('results/watching.json', import.meta.url));

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  let result: object = existsSync(FILE) ? watchingSchema.parse(JSON.parse(readFileSync(FILE, 'utf8'))) : {};
  const parts = {
    heap: measureHeap,
    session: measureSession,
    page: () => measurePage(QUICK_LOOK),
    residual: () => measurePage(RESIDUAL),
    start: measureStart,
  } satisfies { [Part in keyof WatchingResult]-?: () => Promise<WatchingFigures<Part>> };
  for (const [part, measure] of Object.entries(parts)) {
    if (asked.length > 0 && !asked.includes(part)) continue;
    console.log(`${part} ...`);
    const machine = observeMachine(`npx tsx bench/watching.ts ${part}`);
    const figures = await measure();
    console.log(JSON.stringify(figures, undefined, 1));
    // After every part, as the next one may fail.
    result = { ...result, [part]: { machine: machine.finish(), ...figures } };
    writeFileSync(FILE, `${JSON.stringify(watchingSchema.parse(result), undefined, 2)}\n`);
    writeDocs();
  }
}

await main();
process.exit(0);
