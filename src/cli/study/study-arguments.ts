import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { axisFromText } from '../../study/axes.ts';
import { evaluationOf, primaryNamed } from '../../study/evaluation.ts';
import {
  checkedPlan,
  conditionFromText,
  HELD_OUT,
  presetConfig,
  SEED_SETTINGS,
  type SeedSetting,
  type StudyPlan,
  settingsOver,
} from '../../study/plan.ts';
import { readPlan } from '../../study/plan-file.ts';
import { seedsFromText } from '../../study/seeds.ts';
import { readArguments, UsageError } from '../arguments.ts';
import { readThreads } from '../arm-threads.ts';
import { readNamed } from './cell-files.ts';
import { PLAN } from './study-folder.ts';

const OWN = ['preset', 'seeds', 'pairs', 'primary', 'name', 'out', 'jobs', 'threads', 'shard', 'bundle'] as const;
const LISTS = ['condition', 'vary', 'data', 'seed-also'] as const;
const SWITCHES = ['--report'] as const;

/** The request of the command line. */
export interface StudyArguments {
  readonly out: string;
  /** Where the files for a cluster go, a folder or a .zip, instead of training here. */
  readonly bundle: string | undefined;
  /** A plan of the flags or of a study.json; undefined where the folder's own is meant. */
  readonly plan: StudyPlan | undefined;
  /** Of the user's own faces. */
  readonly faces: string | undefined;
  /** Files of evaluations. */
  readonly data: readonly string[];
  readonly jobs: number | undefined;
  /** How many threads may train, all runs together. */
  readonly threads: number;
  /** Which part of the seeds, of how many. */
  readonly shard: readonly [number, number] | undefined;
  readonly reportOnly: boolean;
  /** Folders of the same study whose results are joined into `out`. */
  readonly merge: readonly string[];
}

/** @throws UsageError, StudyProblem, FileProblem */
export function readStudyArguments(argv: readonly string[]): StudyArguments {
  const flags = argv.filter((argument) => !SWITCHES.some((one) => one === argument));
  const named = flags[0]?.startsWith('-') === false ? flags[0] : undefined;
  const { rest, merge } = mergedFolders(named === undefined ? flags : flags.slice(1));
  const { own, lists, settings } = readArguments(rest, OWN, LISTS);
  const out = own.out ?? (merge.length === 0 ? own.bundle : undefined);
  if (out === undefined) throw new UsageError('Name the folder of the study: --out DIR.');
  const { faces, seed, ...others } = settings;
  if (seed !== undefined) throw new UsageError('A study has several seeds; name them with --seeds 1-16.');
  const data = lists.get('data') ?? [];
  const path = faces === 'synthetic' ? undefined : faces;
  const conditions = lists.get('condition') ?? [];
  // A folder that has a plan continues it, with more seeds where --seeds names some.
  const kept = join(out, PLAN);
  const continues = own.preset === undefined && conditions.length === 0 && merge.length === 0 && existsSync(kept);
  const file = named ?? (continues ? kept : undefined);
  const reportOnly = argv.includes('--report');
  if (reportOnly && file === kept && own.seeds !== undefined) {
    throw new UsageError('A report has the seeds that its folder has; leave out --seeds, or --report to train more.');
  }
  const planned = file ?? own.preset ?? own.seeds ?? conditions[0];
  const given = { own, lists, settings: { ...others, faces: path === undefined ? 'synthetic' : 'own' }, data };
  return {
    out,
    bundle: own.bundle,
    plan: planned === undefined ? undefined : file === undefined ? planOfFlags(given) : planOfFile(file, given, path),
    faces: path,
    data,
    jobs: own.jobs === undefined ? undefined : wholeNumber('--jobs', own.jobs),
    threads: readThreads(own.threads),
    shard: own.shard === undefined ? undefined : shardOf(own.shard),
    reportOnly,
    merge,
  };
}

/** How many threads train: as many as processors less one, at least one. */
export function defaultJobs(): number {
  return Math.max(1, availableParallelism() - 1);
}

/** `--merge A B C`: the folders up to the next flag. */
function mergedFolders(flags: readonly string[]): {
  readonly rest: readonly string[];
  readonly merge: readonly string[];
} {
  const at = flags.indexOf('--merge');
  if (at < 0) return { rest: flags, merge: [] };
  const after = flags.slice(at + 1);
  const end = after.findIndex((one) => one.startsWith('--'));
  const merge = end < 0 ? after : after.slice(0, end);
  if (merge.length === 0) throw new UsageError('Name the folders to join: --merge DIR DIR.');
  return { rest: [...flags.slice(0, at), ...(end < 0 ? [] : after.slice(end))], merge };
}

interface Given {
  readonly own: ReturnType<typeof readArguments<(typeof OWN)[number], (typeof LISTS)[number]>>['own'];
  readonly lists: ReadonlyMap<(typeof LISTS)[number], readonly string[]>;
  readonly settings: Readonly<Record<string, string>>;
  readonly data: readonly string[];
}

function planOfFlags({ own, lists, settings, data }: Given): StudyPlan {
  const pairs = own.pairs === undefined ? {} : { verifyPairs: own.pairs };
  const config = settingsOver(presetConfig(own.preset), { ...settings, ...pairs });
  const conditions = lists.get('condition') ?? [];
  const evaluations = data.map(evaluationOf);
  const also = (lists.get('seed-also') ?? []).map(seedSetting);
  return checkedPlan({
    name: own.name ?? basename(own.out ?? own.bundle ?? 'study', '.zip').replace(/[^\w-]+/g, '-'),
    version: packageJson.version,
    config,
    conditions: conditions.map((text) => conditionFromText(text, config)),
    axes: (lists.get('vary') ?? []).map((text) => axisFromText(text, config)),
    seeds: seedsFromText(own.seeds ?? '1-6'),
    seedSettings: SEED_SETTINGS.filter((key) => key === 'seed' || also.includes(key)),
    evaluations,
    primary: primaryNamed(own.primary ?? HELD_OUT, evaluations),
  });
}

/** A plan of a file is taken as it is; only more seeds, the engine and the faces may be said beside it. */
function planOfFile(file: string, { own, lists, settings }: Given, faces: string | undefined): StudyPlan {
  const { faces: _, backend, ...others } = settings;
  const changed = [
    ...Object.keys(others),
    ...(['preset', 'pairs', 'primary', 'name'] as const).filter((key) => own[key]),
  ];
  for (const list of ['condition', 'vary', 'seed-also'] as const)
    if ((lists.get(list) ?? []).length > 0) changed.push(list);
  if (changed.length > 0) throw new UsageError(`The plan is that of ${file}; leave out ${changed.join(', ')}.`);
  const plan = readNamed(file, readPlan);
  const config = settingsOver(plan.config, {
    ...(backend === undefined ? {} : { backend }),
    ...(faces === undefined ? {} : { faces: 'own' }),
  });
  return { ...plan, config, ...(own.seeds === undefined ? {} : { seeds: seedsFromText(own.seeds) }) };
}

function seedSetting(text: string): SeedSetting {
  const setting = SEED_SETTINGS.find((key) => key === text && key !== 'seed');
  if (setting === undefined) {
    throw new UsageError(`--seed-also takes splitSeed, facesSeed or testSeed, not "${text}"; repeat it for several.`);
  }
  return setting;
}

function wholeNumber(flag: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new UsageError(`${flag} takes a whole number, not "${text}".`);
  return number;
}

function shardOf(text: string): readonly [number, number] {
  const [, shard = '0', shards = '0'] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const found = [Number(shard), Number(shards)] as const;
  if (found[0] < 1 || found[0] > found[1]) throw new UsageError(`--shard takes a part such as 3/16, not "${text}".`);
  return found;
}
