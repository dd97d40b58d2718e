import { create } from 'zustand';
import type { FacesState } from '../../client/faces-state.ts';
import type { RunClient } from '../../client/run-client.ts';
import { runDuration, runWork } from '../../client/run-duration.ts';
import { underWay } from '../../client/run-record.ts';
import { PRESET_IDS, withPreset } from '../../config/presets.ts';
import type { RunConfig } from '../../config/run-config.ts';
import { allArms, type StepTime, stepKey } from '../../config/step-cost.ts';
import { stepThreads } from '../../config/thread-plan.ts';
import type { EngineInfo } from '../../network/backend.ts';
import type { Message } from '../../worker/protocol.ts';
import type { RunState, RunStore } from './run-state.ts';
import { useRunState } from './store-context.tsx';
import { useView } from './view-store.ts';

/** A run that takes longer is not started without a question. Milliseconds. */
const LONG = 10 * 60_000;
/** Where the time is not known: Small takes some minutes on a slow computer. */
const LONG_IN_SMALLS = 5;

type Times = ReadonlyMap<string, StepTime>;

/** Times of steps on this computer, by engine and kind of step. */
const useTimes = create<{ readonly times: Times; readonly studying: boolean }>(() => ({
  times: new Map(),
  studying: false,
}));

/** Says whether a study trains on this page: it takes processors from each step, so that none is timed meanwhile. */
export function setStudying(studying: boolean): void {
  if (useTimes.getState().studying !== studying) useTimes.setState({ studying });
}

function nameOf(engine: EngineInfo, config: RunConfig): string {
  return [engine.backend, engine.adapter, stepKey(config, stepThreads(engine, config))].join(' ');
}

/** As many people as there are: of the user's own faces the setting of the drawn ones says nothing. */
function withPeople(config: RunConfig, { summary }: FacesState): RunConfig {
  if (config.faces === 'synthetic' || summary === undefined) return config;
  return { ...config, identities: Math.min(summary.identities, config.maxIdentities) };
}

/** Milliseconds that a run with these settings takes here; undefined while that is not measured. */
function durationOf(
  config: RunConfig,
  { engine, faces }: Pick<RunState, 'engine' | 'faces'>,
  times: Times,
): number | undefined {
  const whole = withPeople(config, faces);
  const step = engine && times.get(nameOf(engine, whole));
  return step && runDuration(whole, step, engine.threads);
}

/** The engine of a run of a study: other runs take the other threads. */
function ofStudy(engine: EngineInfo): EngineInfo {
  return engine.threads === undefined ? engine : { ...engine, threads: 1 };
}

/** Milliseconds that a run with these settings takes on this computer; undefined while that is not measured. */
export function useDuration(config: RunConfig): number | undefined {
  return useDurationOn(
    useRunState((state) => state.engine),
    config,
  );
}

/** The same for a run of a study, which has one arm. */
export function useStudyRunDuration(config: RunConfig): number | undefined {
  const engine = useRunState((state) => state.engine);
  return useDurationOn(engine && ofStudy(engine), { ...config, arms: 'craft' });
}

function useDurationOn(engine: EngineInfo | undefined, config: RunConfig): number | undefined {
  const faces = useRunState((state) => state.faces);
  const times = useTimes((state) => state.times);
  return durationOf(config, { engine, faces }, times);
}

/** Milliseconds of a step of all arms; undefined while that is not measured. */
export function useStepTime(config: RunConfig): StepTime | undefined {
  const engine = useRunState((state) => state.engine);
  const faces = useRunState((state) => state.faces);
  return useTimes(({ times }) => engine && times.get(nameOf(engine, withPeople(config, faces))));
}

/** Whether a duration is one that the page asks about before it starts a run. */
export function isLong(duration: number): boolean {
  return duration > LONG;
}

/** How many times the work of the preset Small a run is. */
export function inSmalls(config: RunConfig): number {
  return runWork(config) / runWork(withPreset('small'));
}

/** Whether a run with the settings of the rail takes over ten minutes here, as far as that is known. */
export function takesLong(state: Pick<RunState, 'config' | 'engine' | 'faces'>): boolean {
  const duration = durationOf(state.config, state, useTimes.getState().times);
  return duration === undefined ? inSmalls(state.config) > LONG_IN_SMALLS : isLong(duration);
}

/**
 * Has the idle worker time a step of the settings, and while the Train tab is shown of every preset, as long as Train or
 * Study is shown and neither a run nor a study trains; a run that has trained corrects the time of its own step.
 */
export function watchStepTimes(store: RunStore, client: RunClient): void {
  const asked = new Set<string>();

  function ask(): void {
    const { engine, run, config, faces } = store.getState();
    const { screen } = useView.getState();
    if (engine === undefined || engine.software || underWay(run) || !(screen === 'train' || screen === 'study')) return;
    const { times, studying } = useTimes.getState();
    if (studying) return;
    const inStudy = screen === 'study';
    const used = inStudy ? ofStudy(engine) : engine;
    const configs = inStudy ? [config] : [config, ...PRESET_IDS.map((id) => withPreset(id, config))];
    const wanted = new Map(
      configs.map((one) => {
        const whole = withPeople(one, faces);
        return [nameOf(used, whole), whole];
      }),
    );
    const unknown = [...wanted].filter(([name]) => !times.has(name));
    // A step that could not be timed is not tried again until a run has trained.
    if (unknown.every(([name]) => asked.has(name))) return;
    for (const [name] of unknown) asked.add(name);
    client.post({
      type: 'time-steps',
      configs: unknown.map(([, one]) => one),
      ...(inStudy && used.threads !== undefined ? { threads: used.threads } : {}),
    });
  }

  function learn(engine: EngineInfo, config: RunConfig, time: StepTime): void {
    useTimes.setState(({ times }) => ({ times: new Map(times).set(nameOf(engine, config), time) }));
  }

  function receive(message: Message): void {
    if (useTimes.getState().studying) return;
    if (message.type === 'step-time') learn(message.engine, message.config, message.time);
    if (message.type !== 'run-event' || message.event.type !== 'finished') return;
    const { engine, run, faces } = store.getState();
    const arms = Object.keys(run?.arms ?? {}).length;
    const stepMs = run?.speed?.stepMs ?? 0;
    if (engine !== undefined && run !== undefined && stepMs > 0 && arms > 0) {
      learn(engine, withPeople(run.config, faces), {
        ms: stepMs / allArms(1, arms, engine.threads),
        whole: true,
      });
    }
    // The run ended the timing.
    asked.clear();
    askSoon();
  }

  let waits = false;
  /** After the commands of the same change, so that faces are drawn before anything is timed. */
  function askSoon(): void {
    if (waits) return;
    waits = true;
    queueMicrotask(() => {
      waits = false;
      ask();
    });
  }

  client.subscribe(receive);
  store.subscribe(askSoon);
  useView.subscribe(askSoon);
  useTimes.subscribe(({ studying }, before) => {
    if (studying === before.studying) return;
    // An answer that came meanwhile was left out.
    asked.clear();
    askSoon();
  });
  askSoon();
}
