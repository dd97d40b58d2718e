import packageJson from '../../../package.json' with { type: 'json' };
import { armConfig } from '../../config/arm.ts';
import type { RunArchive } from '../../exchange/run-archive.ts';
import type { BenchmarkSource } from '../../faces/benchmark-source.ts';
import type { FaceSet } from '../../faces/face-set.ts';
import { faceSetSource } from '../../faces/face-set-source.ts';
import { architectureOf, firstKernelShape } from '../../network/architecture.ts';
import type { Engine } from '../../network/backend.ts';
import { isMeasurement, MeasuredRun } from '../../record/measured-run.ts';
import type { CellScores } from '../../study/cell-scores.ts';
import type { Cell } from '../../study/cells.ts';
import { HELD_OUT } from '../../study/plan.ts';
import type { ResultRow } from '../../study/results.ts';
import { type CellFacts, failedRow, rowsOfRun, type TestResult } from '../../study/run-rows.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import { trainingData } from '../../training/data.ts';
import { embedderOf } from '../../training/embed-faces.ts';
import type { Failure } from '../../training/events.ts';
import { scoreNetworks } from '../../training/score-benchmark.ts';
import { Session } from '../../training/session.ts';
import { foldOrder } from '../../verification/pair-order.ts';
import { verification } from '../../verification/scored-pairs.ts';
import { networksOf } from '../run-networks.ts';
import { startedRun, writeArchive, writeLayer, writeRows, writeScores } from './cell-files.ts';
import { StartWatch, sharedStart, writeStart } from './shared-start.ts';
import type { StudyData } from './study-data.ts';

/** How the training of a cell ended: with its rows, or stopped on the way and saved. */
export type CellEnd =
  | { readonly state: 'done' | 'failed'; readonly rows: readonly ResultRow[] }
  | { readonly state: 'stopped' };

/** Trains cells of a study one after the other, and writes the files of each. */
export class CellTrainer {
  readonly #study: string;
  readonly #out: string;
  readonly #engine: Engine;
  readonly #data: StudyData;
  #session: Session | undefined;
  #stopped = false;

  constructor(options: {
    readonly study: string;
    readonly out: string;
    readonly engine: Engine;
    readonly data: StudyData;
  }) {
    this.#study = options.study;
    this.#out = options.out;
    this.#engine = options.engine;
    this.#data = options.data;
  }

  /** Ends the cell that trains after its step, saved, and starts no other. */
  stop(): void {
    this.#stopped = true;
    this.#session?.gate.stop();
  }

  /**
   * Trains a cell to its end, from where an earlier process stopped. A run that fails is a result; a fault of
   * files is not.
   * @throws FileProblem, ModelProblem, ImportError
   */
  async train(cell: Cell, faces: FaceSet): Promise<CellEnd> {
    if (this.#stopped) return { state: 'stopped' };
    const started = performance.now();
    const resumed = startedRun(this.#out, cell);
    const from = resumed ?? sharedStart(this.#out, cell);
    const { config, condition, id: runId } = cell;
    const { info } = this.#engine;
    const options = { runId, config, arms: [condition], faces, engine: this.#engine, checkpoints: true };
    const session = new Session(from === undefined ? options : { ...options, from });
    this.#session = session;
    const measured = recordOf(cell, from);
    const start = new StartWatch(cell, from);
    const archive = (checkpoint: Checkpoint) => ({
      ...checkpoint,
      version: packageJson.version,
      engine: info,
      history: measured.history(),
    });
    const save = (checkpoint: Checkpoint) => {
      writeArchive(this.#out, cell, archive(checkpoint));
      saved = checkpoint.step;
    };
    let saved = -1;
    let failure: Failure | undefined;
    try {
      for await (const event of session.run()) {
        if (isMeasurement(event)) measured.measure(event);
        if (event.type === 'checkpoint') save(event.checkpoint);
        if (event.type === 'failed') failure = event.failure;
        if (event.type === 'filters') await start.watch(event, session);
      }
      if (failure === undefined && session.stepsFinished < config.steps) return { state: 'stopped' };
      const facts = (): CellFacts => ({
        study: this.#study,
        // The time of the process that stopped is not known.
        seconds: resumed === undefined ? Number(((performance.now() - started) / 1000).toFixed(1)) : Number.NaN,
        engine: info.backend,
        adapter: info.adapter,
      });
      if (failure !== undefined) {
        const rows = [failedRow(cell, facts(), session.stepsFinished, failure.message)];
        writeRows(this.#out, cell, rows);
        return { state: 'failed', rows };
      }
      // A run that was taken over at its last step has had no checkpoint of its own.
      if (saved < config.steps) save(await session.checkpoint());
      if (start.clean !== undefined) writeStart(this.#out, cell, archive(start.clean));
      const tests = await this.#test(cell, faces, session, measured);
      const rows = rowsOfRun(measured, cell, tests, facts());
      writeRows(this.#out, cell, rows);
      return { state: 'done', rows };
    } finally {
      this.#session = undefined;
      session.dispose();
    }
  }

  /** Scores the trained network, and writes its first layer and scores. */
  async #test(cell: Cell, faces: FaceSet, session: Session, measured: MeasuredRun): Promise<readonly TestResult[]> {
    writeLayer(this.#out, cell, measured.arms[cell.condition.name]);
    const networks = networksOf(await session.checkpoint());
    const embedders = new Map([...networks].map(([name, network]) => [name, embedderOf(network)]));
    const { pairs } = trainingData(faces, cell.config);
    const about = { id: undefined, name: HELD_OUT, origin: { kind: 'synthetic' } } as const;
    const heldOut = pairs.same.length === 0 ? [] : [[HELD_OUT, faceSetSource(faces, pairs, about)] as const];
    const sources = [...heldOut, ...(await this.#data.sourcesFor(armConfig(cell.config, cell.condition)))];
    const tests: TestResult[] = [];
    const scores = new Map<string, CellScores>();
    try {
      for (const [benchmark, source] of sources) {
        const scored = await scoreNetworks(embedders, source);
        const judged = judge(source, scored.get(cell.condition.name) ?? new Float64Array(0));
        tests.push({ benchmark, ...judged.test });
        scores.set(benchmark, judged.scores);
      }
    } finally {
      for (const network of networks.values()) network.dispose();
    }
    writeScores(this.#out, cell, scores);
    return tests;
  }
}

/** The record of a cell's run, with the readings of the process that stopped. */
function recordOf(cell: Cell, from: RunArchive | undefined): MeasuredRun {
  const run = new MeasuredRun(cell.config);
  const config = armConfig(cell.config, cell.condition);
  run.begin([{ name: cell.condition.name, kernelShape: firstKernelShape(architectureOf(config, 2)) }]);
  if (from === undefined) return run;
  if (from.history !== undefined) run.restore(from.history);
  run.step = from.step;
  run.goOnFrom(from.step, 'closed');
  return run;
}

/** The headline figure of a benchmark, and the scores it came from, in the order of the folds. */
function judge(source: BenchmarkSource, distances: Float64Array<ArrayBuffer>) {
  const { kind: protocol, pairs } = source;
  const { order } = protocol === 'pairs' ? foldOrder(pairs.same) : { order: undefined };
  const { networks, same, far } = verification({ protocol, same: pairs.same, distances: [distances] }, { order });
  const [network] = networks;
  if (network === undefined) throw new Error('One network was scored.');
  const { report } = network;
  const measure = 'accuracy' in report ? ('accuracy' as const) : ('tar' as const);
  const value =
    'accuracy' in report ? report.accuracy : (report.tarAtFar.find((one) => one.far === far)?.tar ?? Number.NaN);
  const people = pairs.identities;
  const ordered = (values: Int32Array<ArrayBuffer>) =>
    Int32Array.from(values, (_, at) => values[order?.[at] ?? at] ?? 0);
  const identities = people && { left: ordered(people.left), right: ordered(people.right) };
  return { test: { measure, value, pairs: same.length }, scores: { distances: network.distances, same, identities } };
}
