import { join } from 'node:path';
import { median } from '../src/config/average.ts';
import type { Workload } from './engines/workload.ts';
import { type NetworkChoice, writeWorkload } from './networks.ts';
import { ceilingsFor, nameOf, type OpenParticipant, type Participant, pythonThreads } from './participants.ts';
import type { Ceiling, Row } from './results.ts';
import type { ChromiumBench } from './runtimes/chromium.ts';
import type { Answer, Place } from './runtimes/messages.ts';
import { nodePlace } from './runtimes/node.ts';
import { pythonPlace } from './runtimes/python.ts';

/** Losses of one network on different engines: the third is small, as the batch is learnt by heart. */
const RELATIVE_TOLERANCE = 2e-3;
const ABSOLUTE_TOLERANCE = 2e-4;
/** A faster step is taken several times a round. */
const SLOT_MS = 600;
const MOST_STEPS = 10;
/** Once this share of the time is gone nobody new begins. */
const OPENING_SHARE = 0.7;

export interface MeasureOptions {
  readonly chromium: ChromiumBench | undefined;
  /** Where the page is served from; workloads are written below. */
  readonly folder: string;
  readonly rounds: number;
  /** On performance.now()'s clock: no step begins that would probably end later. */
  readonly until: number;
}

/** The measurements on one network. */
export interface Measured {
  readonly rows: readonly Row[];
  readonly ceilings: readonly Ceiling[];
  readonly skipped: readonly string[];
}

/** An engine on its way: its first steps, then its samples. */
interface Runner extends OpenParticipant {
  readonly losses: readonly number[];
  readonly firstMs: number;
  /** Second and third step, for the expected length of the next ones. */
  readonly warmMs: readonly number[];
  readonly agrees: boolean;
  readonly ms: number[];
}

interface Meter extends OpenParticipant {
  readonly gflops: number[];
  readonly copyGBs: number[];
}

/** Opens every participant on the network, compares the first three losses, then times steps in rounds: A B C A B C. */
export async function measure(
  network: NetworkChoice,
  participants: readonly Participant[],
  options: MeasureOptions,
): Promise<Measured> {
  const workload = writeWorkload(join(options.folder, 'workloads'), network);
  const skipped: string[] = [];
  const open = (participant: Participant) => openParticipant(participant, workload, options, skipped);
  const opened = new Map<Participant, OpenParticipant>();
  const runners: Runner[] = [];
  const meters: Meter[] = [];
  // PyTorch first: the others are compared with its losses.
  const ordered = participants.toSorted((a, b) => eagerness(b) - eagerness(a));
  const [started, left] = [performance.now(), options.until - performance.now()];
  for (const participant of ordered) {
    if (performance.now() - started > OPENING_SHARE * left) {
      skipped.push(`${nameOf(participant)}: no time was left`);
      continue;
    }
    const one = await open(participant);
    if (one === undefined) continue;
    opened.set(participant, one);
    const runner = await firstSteps(one, runners[0]?.losses);
    if (typeof runner === 'string') {
      skipped.push(`${nameOf(participant)}: ${runner}`);
      await one.place.close();
    } else {
      runners.push(runner);
      const losses = runner.losses.map((loss) => loss.toPrecision(6)).join(' ');
      console.log(
        `${workload.name}: ${nameOf(participant)} on ${one.adapter}: first ${Math.round(runner.firstMs)} ms, losses ${losses}${runner.agrees ? '' : ' DIFFER'}`,
      );
    }
  }
  for (const ceiling of ceilingsFor(runners)) {
    const one = await open(ceiling);
    if (one !== undefined) meters.push({ ...one, gflops: [], copyGBs: [] });
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const runner of runners) await timeSteps(runner, options.until);
    for (const meter of meters) await read(meter);
  }
  for (const { place } of [...runners, ...meters]) await place.close();
  const ceilings = meters.map((meter) => ceilingOf(meter, workload));
  const order = (row: Row) => participants.findIndex((one) => nameOf(one) === nameOf(row));
  const rows = runners.map((runner) => rowOf(runner, workload, ceilings)).sort((a, b) => order(a) - order(b));
  return { rows, ceilings, skipped };
}

/** PyTorch, ours, then the fastest peers: who comes last is left out where time runs short. */
function eagerness({ runtime, engine, backend }: Participant): number {
  if (runtime === 'python') return 3;
  if (engine === 'ours') return 2;
  return backend === 'webgpu' || engine === 'tfjs' ? 1 : 0;
}

async function openParticipant(
  participant: Participant,
  { name }: Workload,
  { chromium, folder }: MeasureOptions,
  skipped: string[],
): Promise<OpenParticipant | undefined> {
  const { runtime, engine, backend, threads, kernels } = participant;
  const place = placeOf(participant, chromium);
  if (typeof place === 'string') {
    skipped.push(`${nameOf(participant)}: ${place}`);
    return undefined;
  }
  const workload = runtime === 'chromium' ? `/workloads/${name}` : join(folder, 'workloads', name);
  const answer = await place.ask({ type: 'open', engine, backend, workload, threads, kernels });
  if (answer.type === 'opened') return { ...participant, place, adapter: answer.adapter, how: answer.how ?? '' };
  skipped.push(`${nameOf(participant)}: ${answer.type === 'failed' ? answer.reason : 'did not open'}`);
  await place.close();
  return undefined;
}

function placeOf(participant: Participant, chromium: ChromiumBench | undefined): Place | string {
  switch (participant.runtime) {
    case 'chromium':
      return chromium?.place(nameOf(participant)) ?? 'no Chromium here; set CHROME_PATH to one';
    case 'node':
      return nodePlace();
    case 'python':
      return (
        pythonPlace(participant.backend === 'cuda' ? 'cuda' : 'cpu', participant.threads ?? 1) ??
        'no Python with PyTorch; install python3-torch or set PYTHON'
      );
  }
}

/** Three steps; a text where they could not be done. */
async function firstSteps(one: OpenParticipant, reference: readonly number[] | undefined): Promise<Runner | string> {
  const answer = await one.place.ask({ type: 'step', count: 3 });
  if (answer.type !== 'stepped') return reasonOf(answer);
  const [firstMs = Number.NaN, ...warmMs] = answer.ms;
  const agrees = answer.losses.every((loss, step) => {
    const expected = reference?.[step] ?? loss;
    return Math.abs(loss - expected) <= ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * Math.abs(expected);
  });
  return { ...one, losses: answer.losses, firstMs, warmMs, agrees, ms: [] };
}

async function timeSteps({ place, ms, warmMs, agrees }: Runner, until: number): Promise<void> {
  if (!agrees) return;
  const expected = median([...warmMs, ...ms]);
  const count = Math.max(1, Math.min(MOST_STEPS, Math.floor(SLOT_MS / expected)));
  if (performance.now() + count * expected > until) return;
  const answer = await place.ask({ type: 'step', count });
  if (answer.type !== 'stepped') throw new Error(reasonOf(answer));
  ms.push(...answer.ms);
}

async function read({ place, gflops, copyGBs }: Meter): Promise<void> {
  const answer = await place.ask({ type: 'ceiling' });
  if (answer.type !== 'ceiling') throw new Error(reasonOf(answer));
  gflops.push(answer.gflops);
  copyGBs.push(answer.copyGBs);
}

function reasonOf(answer: Answer): string {
  return answer.type === 'failed' ? answer.reason : `answered "${answer.type}"`;
}

function ceilingOf({ backend, runtime, threads, adapter, how, gflops, copyGBs }: Meter, { name }: Workload): Ceiling {
  return {
    network: name,
    backend,
    runtime,
    ...(threads === undefined ? {} : { threads }),
    adapter,
    how,
    gflops: median(gflops),
    gflopsBest: Math.max(...gflops),
    copyGBs: median(copyGBs),
    copyGBsBest: Math.max(...copyGBs),
    samples: gflops.length,
  };
}

function rowOf(runner: Runner, { name, gflop }: Workload, ceilings: readonly Ceiling[]): Row {
  const { engine, variant, backend, runtime, threads, kernels, adapter, firstMs, agrees, losses, warmMs } = runner;
  if (engine === 'ceiling') throw new Error('A ceiling is no row.');
  // Where time ran out before the first round, the second and third step are all there is.
  const samples = agrees ? (runner.ms.length > 0 ? runner.ms : warmMs) : [];
  const medianMs = agrees ? median(samples) : null;
  const gflops = medianMs === null ? null : (1000 * gflop) / medianMs;
  // WebGL runs on the same adapter as WebGPU in the same browser.
  const metered = backend === 'webgl' ? 'webgpu' : backend;
  // A script's ceiling is that of one thread.
  const comparable = runtime === 'python' || (threads ?? 1) === 1;
  const ceiling = ceilings.find(
    (one) =>
      comparable &&
      one.backend === metered &&
      one.runtime === runtime &&
      one.threads === pythonThreads({ runtime, threads }),
  );
  return {
    network: name,
    engine,
    variant,
    backend,
    runtime,
    ...(threads === undefined ? {} : { threads }),
    ...(kernels === undefined ? {} : { kernels }),
    adapter,
    medianMs,
    minMs: agrees ? Math.min(...samples) : null,
    maxMs: agrees ? Math.max(...samples) : null,
    firstMs,
    samples: samples.length,
    gflops,
    ceilingShare: ceiling === undefined || gflops === null ? null : gflops / ceiling.gflopsBest,
    lossesAgree: agrees,
    losses: [...losses],
  };
}
