import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { median } from '../src/config/average.ts';
import { barChart, growthChart } from './chart.ts';
import {
  type BenchResult,
  benchSchema,
  type GrowthResult,
  growthSchema,
  type Machine,
  type Profile,
  profileSchema,
  type Row,
  type ThreadsResult,
  threadsSchema,
  type WatchingResult,
  watchingSchema,
} from './results.ts';
import { benchTable, ceilingTable, markdownTable } from './table.ts';
import { measuredRatio, modelledRatio, type Ratio } from './thread-model.ts';

/** The page of findings, and the page of tables. */
const PAGES = ['benchmarks', 'data/benchmarks'] as const;

/**
 * Fills the marked parts of docs/benchmarks.md and docs/data/benchmarks.md (between "<!-- name -->" and
 * "<!-- /name -->") and the charts from bench/results/; a part without a measurement keeps its text.
 */
export function writeDocs(): void {
  const pages = PAGES.map((name) => new URL(`../docs/${name}.md`, import.meta.url)).map((file) => ({
    file,
    text: readFileSync(file, 'utf8'),
  }));
  const fill = (name: string, content: string) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const page = pages.find(({ text }) => text.includes(open) && text.includes(close));
    if (page === undefined) throw new Error(`docs/benchmarks.md and docs/data/benchmarks.md have no part "${name}".`);
    const { text } = page;
    page.text = `${text.slice(0, text.indexOf(open) + open.length)}\n${content}\n${text.slice(text.indexOf(close))}`;
  };
  const engines = resultOf('engines', benchSchema);
  if (engines !== undefined) {
    fill('figures', figures(engines));
    fill('engines', enginesPart(engines));
    const n32 = engines.rows.filter(({ network }) => network === 'N32');
    writeChart('benchmarks-n32', barChart('A training step of N32 (logarithmic; line: least to most)', n32));
  }
  const growth = resultOf('growth', growthSchema);
  if (growth !== undefined) {
    fill('growth', growthPart(growth));
    writeChart(
      'benchmarks-growth',
      growthChart(`Milliseconds a step, N32 with one change, ${growth.backend}`, growth.rows),
    );
  }
  const watching = resultOf('watching', watchingSchema);
  if (watching !== undefined) fill('watching', watchingPart(watching));
  const profile = resultOf('profile', profileSchema);
  if (profile !== undefined) fill('profile', profilePart(profile));
  const threads = resultOf('threads', threadsSchema);
  if (threads !== undefined) fill('threads', threadsPart(threads));
  for (const { file, text } of pages) writeFileSync(file, text);
}

function resultOf<Schema extends z.ZodType>(name: string, schema: Schema): z.infer<Schema> | undefined {
  const file = new URL(`results/${name}.json`, import.meta.url);
  return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

function writeChart(name: string, content: string): void {
  writeFileSync(fileURLToPath(new URL(`../docs/${name}.svg`, import.meta.url)), content);
}

function machineLine({ command, processor, cores, loadBefore, loadAfter, versions, date }: Machine): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `\`${command}\`, ${date.slice(0, 16).replace('T', ' ')} UTC, ${cores} cores (${processor}), one-minute load ${loadBefore.toFixed(1)} before and ${loadAfter.toFixed(1)} after. ${named.join(', ')}.`;
}

/** The aims, each with the ratio of medians and of least times. */
export function figures({ rows }: Pick<BenchResult, 'rows'>): string {
  const row = (engine: Row['engine'], backend: Row['backend'], runtime: Row['runtime'], threads = 1) =>
    rows.find(
      (one) =>
        one.network === 'N32' &&
        one.engine === engine &&
        one.backend === backend &&
        one.runtime === runtime &&
        (one.threads ?? 1) === threads,
    );
  const [webgpu, wasm] = [row('ours', 'webgpu', 'chromium'), row('ours', 'wasm', 'chromium')];
  const all = Math.max(1, ...rows.map(({ threads = 1 }) => threads));
  const aims = [
    ['ours on WebGPU / stock tfjs on WebGPU', webgpu, row('tfjs', 'webgpu', 'chromium'), 0.1],
    ['ours on WebGPU / jax-js on WebGPU', webgpu, row('jax-js', 'webgpu', 'chromium'), 0.3],
    ['ours on WebAssembly / tfjs on WebAssembly with the plain gradient', wasm, row('tfjs', 'wasm', 'chromium'), 0.2],
    ['ours on WebAssembly / PyTorch, 1 thread', wasm, row('pytorch', 'cpu', 'python'), 4],
    [
      `ours on WebAssembly / PyTorch, all threads${all > 1 ? ` (${all})` : ''}`,
      all > 1 ? row('ours', 'wasm', 'chromium', all) : undefined,
      row('pytorch', 'cpu', 'python', all),
      1,
    ],
  ] as const;
  return markdownTable(
    ['N32, ratio of steps', 'at most', 'medians', 'least times', ''],
    aims.map(([pair, ours, peer, most]) => {
      const medians = ratio(ours?.medianMs, peer?.medianMs);
      return [
        pair,
        String(most),
        medians?.toFixed(3) ?? 'not measured',
        ratio(ours?.minMs, peer?.minMs)?.toFixed(3) ?? '',
        medians === undefined ? '' : medians <= most ? 'reached' : 'not reached',
      ];
    }),
  );
}

function ratio(ours: number | null | undefined, peer: number | null | undefined): number | undefined {
  return ours == null || peer == null ? undefined : ours / peer;
}

function enginesPart({ machine, rows, ceilings, skipped }: BenchResult): string {
  const adapters = [...new Set(rows.map(({ runtime, backend, adapter }) => `${runtime} ${backend}: ${adapter}`))];
  return [
    machineLine(machine),
    benchTable(rows),
    `Adapters: ${adapters.join('; ')}.`,
    'Ceilings, read once a round between the engines:',
    ceilingTable(ceilings),
    ...skipped.map((line) => `Not measured: ${line}.`),
  ].join('\n\n');
}

/** Operations of an engine that are listed; the rest is added up. */
const LISTED = 8;

function profilePart({ machine, network, engines }: Profile): string {
  const rows = engines.flatMap(({ engine, backend, operations }) => {
    const total = operations.reduce((sum, { ms }) => sum + ms, 0);
    const rest = operations.slice(LISTED);
    const listed = [
      ...operations.slice(0, LISTED),
      {
        name: `${rest.length} others`,
        count: rest.reduce((sum, { count }) => sum + count, 0),
        ms: rest.reduce((sum, { ms }) => sum + ms, 0),
      },
    ];
    const all = { name: '**all**', count: operations.reduce((sum, { count }) => sum + count, 0), ms: total };
    return [all, ...listed].map(({ name, count, ms }) => [
      engine,
      backend,
      name,
      String(Math.round(count)),
      ms.toFixed(1),
      `${((100 * ms) / total).toFixed(0)} %`,
    ]);
  });
  const table = markdownTable(['engine', 'backend', 'operation', 'times a step', 'ms a step', 'share'], rows);
  return `${machineLine(machine)} ${network}, means of ${engines[0]?.steps ?? 0} steps in turns.\n\n${table}`;
}

function growthPart({ machine, backend, rows }: GrowthResult): string {
  const first = new Map<string, number>();
  const table = markdownTable(
    [
      'change',
      'value',
      'step ms, median',
      'least',
      'GFLOP a step',
      'GFLOP/s at the least',
      'ms per GFLOP, next to the row before',
      'n',
    ],
    rows.map(({ sweep, value, gflop, medianMs, minMs, samples }) => {
      const cost = minMs / gflop;
      const before = first.get(sweep);
      first.set(sweep, cost);
      return [
        sweep,
        value,
        medianMs.toFixed(1),
        minMs.toFixed(1),
        gflop.toFixed(2),
        ((1000 * gflop) / minMs).toFixed(1),
        before === undefined ? '' : `x ${(cost / before).toFixed(2)}`,
        String(samples),
      ];
    }),
  );
  return `${machineLine(machine)} Backend: ${backend}, in Node.\n\n${table}`;
}

/** Cores of other machines that the model is asked for. */
const MODELLED = [4, 8] as const;

function threadsPart({ one, both }: ThreadsResult): string {
  const cells = ({ median: middle, low, high }: Ratio) => [
    middle.toFixed(2),
    `${low.toFixed(2)} to ${high.toFixed(2)}`,
  ];
  const measured = (
    [
      [one, 'one'],
      [both, 'both'],
    ] as const
  ).flatMap(([part, arms]) => {
    if (part === undefined) return [];
    const { oneMs, severalMs, threads } = part;
    const ms = `measured: ${median(oneMs).toFixed(1)} and ${median(severalMs).toFixed(1)} ms`;
    return [[arms, String(threads), ...cells(measuredRatio(part)), ms]];
  });
  const modelled = MODELLED.flatMap((cores) => {
    if (one === undefined) return [];
    const row = (arms: string, ratio: Ratio) => [arms, String(cores), ...cells(ratio), 'a model'];
    return [
      row('one', modelledRatio(cores, one)),
      ...(both === undefined ? [] : [row('both', modelledRatio(cores, one, both))]),
    ];
  });
  const table = markdownTable(
    ['arms', 'threads', 'step, to one thread', 'middle half', 'source'],
    [...measured, ...modelled],
  );
  const machines = [one, both].flatMap((part) => (part === undefined ? [] : [machineLine(part.machine)]));
  return [table, ...machines].join('\n\n');
}

/** Parts of one machine and date have one heading. */
function watchingPart({ session, page, residual, heap, start }: WatchingResult): string {
  const byMachine = new Map<string, string[]>();
  const add = (machine: Machine, line: string) => {
    const heading = machineLine(machine);
    byMachine.set(heading, [...(byMachine.get(heading) ?? []), line]);
  };
  if (session !== undefined) {
    const [watched, unwatched] = [median(session.watchedMs), median(session.unwatchedMs)];
    const costs = session.watchedMs.map((ms, pair) => 100 * (ms / (session.unwatchedMs[pair] ?? ms) - 1));
    const added =
      (session.tickMs * (1 / 5 - 1 / 25) + session.tickWithKernelsMs / 25 + session.checkMs / 120) / unwatched;
    add(
      session.machine,
      `- **Telemetry and checks**, both arms of Small on WebAssembly, ${costs.length} pairs of neighbouring blocks of ${session.steps} steps, processor time: ${watched.toFixed(1)} ms a step watched (${span(session.watchedMs)}), ${unwatched.toFixed(1)} ms unwatched (${span(session.unwatchedMs)}); the median pair costs ${median(costs).toFixed(1)} %, the middle half ${quartiles(costs)}. Call by call: a reading of both arms ${session.tickMs.toFixed(2)} ms, with kernels ${session.tickWithKernelsMs.toFixed(2)} ms, a check ${session.checkMs.toFixed(2)} ms; at the default rates (every 5, 25 and 120 steps) that is ${(100 * added).toFixed(2)} % of the step. The aim is at most 2 %.`,
    );
  }
  const onPage = ({ seconds: duration, steps, load, longTasks, framesPerSecond }: NonNullable<typeof page>) => {
    const longest =
      longTasks.length === 0 ? 'none' : `${longTasks.length}, the longest ${Math.max(...longTasks).toFixed(0)} ms`;
    return `for ${duration} s (${steps} steps, load ${load.toFixed(1)}): tasks over 50 ms: ${longest}; ${framesPerSecond.toFixed(1)} frames a second`;
  };
  if (page !== undefined) {
    add(
      page.machine,
      `- **The page's main thread** while Quick look trains on WebAssembly ${onPage(page)}. The aim is none, and 55.`,
    );
  }
  if (residual !== undefined) {
    add(
      residual.machine,
      `- **The same with the network of InsightFace recipe**, batch 2, and checkpoints as often as one in a hundred of the time allows, ${onPage(residual)}.`,
    );
  }
  if (heap !== undefined) {
    add(
      heap.machine,
      `- **Memory**: the page's run store after ${heap.steps.toLocaleString('en')} steps of both arms with 64 filters and a reading at every step: ${(heap.heapMB + heap.arraysMB).toFixed(0)} MB (${heap.heapMB.toFixed(0)} MB of objects, ${heap.arraysMB.toFixed(0)} MB of numbers), ${heap.before.toFixed(0)} MB of which were there before. The aim is below 150 MB.`,
    );
  }
  if (start !== undefined) {
    add(
      start.machine,
      `- **Start**: from opening the built page to its first finished step, preset ${start.preset} on WebAssembly, Train pressed immediately (load ${start.load.toFixed(1)}): first visit ${seconds(start.coldMs)}, later visits ${seconds(median(start.warmMs))} (${start.warmMs.map(seconds).join(', ')}). The aim is at most 2 s.`,
    );
  }
  return [...byMachine].map(([heading, lines]) => `${heading}\n\n${lines.join('\n')}`).join('\n\n');
}

function span(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
}

/** From the lower to the upper quartile. */
function quartiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  return `${at(0.25)} to ${at(0.75)} %`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
