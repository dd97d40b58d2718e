import { DRAWING_SETTINGS } from '../../config/drawing-settings.ts';
import { formatNumber } from '../../config/quantity.ts';
import type { ConfigKey } from '../../config/run-config.ts';
import type { BenchmarkSource } from '../../faces/benchmark-source.ts';
import { FACE_CHANNELS, type FaceSet, faceAt } from '../../faces/face-set.ts';
import { faceSetSource } from '../../faces/face-set-source.ts';
import { heldOutPairs, splitIdentities } from '../../faces/held-out.ts';
import type { NpyArray } from '../../formats/npy.ts';
import { writeNpz } from '../../formats/npz.ts';
import { countCells } from '../../study/cells.ts';
import { HELD_OUT, type StudyPlan } from '../../study/plan.ts';
import { planText } from '../../study/plan-file.ts';
import { StudyProblem } from '../../study/problem.ts';
import { FOLDS } from '../../verification/folds.ts';
import { foldOrder } from '../../verification/pair-order.ts';
import { studyReadme } from '../pytorch/study-readme.ts';
import { exportFaces } from './face-arrays.ts';
import { BUNDLE_FILES } from './pytorch.ts';

/** The Python files of a study's bundle. */
export const STUDY_FILES = [...BUNDLE_FILES, 'study.py'] as const;

/** Their text. */
export type StudySources = Readonly<Record<(typeof STUDY_FILES)[number], string>>;

/**
 * A study as the files that a cluster trains it with: Python files, study.json, the people who are trained on
 * (faces.npz), the pairs of each evaluation with their images, a Slurm array script and README.md.
 * @throws StudyProblem `bad-plan` where its cells do not share their faces, or an evaluation is of templates or too few pairs
 */
export async function exportStudy(
  plan: StudyPlan,
  faces: FaceSet,
  sources: ReadonlyMap<string, BenchmarkSource>,
  code: StudySources,
): Promise<ReadonlyMap<string, Uint8Array>> {
  refuseOtherFaces(plan);
  const { heldOutShare, splitSeed, verifyPairs, testSeed } = plan.config;
  const { training, heldOut } = splitIdentities(faces, heldOutShare, splitSeed);
  const pairs = heldOutPairs(faces, heldOut.indices, verifyPairs, testSeed);
  const about = { id: undefined, name: HELD_OUT, origin: { kind: 'synthetic' } } as const;
  // Of one photo a person nothing is held out, and nothing verified.
  const own = pairs.same.length === 0 ? [] : [[HELD_OUT, faceSetSource(faces, pairs, about)] as const];
  const tests = new Map<string, BenchmarkSource>([...own, ...sources]);
  const files = new Map<string, Uint8Array>();
  const names: Record<string, string> = {};
  for (const [name, source] of tests) {
    names[name] = `pairs-${files.size + 1}.npz`;
    files.set(names[name], writeNpz(await pairArrays(name, source)));
  }
  const text = (content: string) => new TextEncoder().encode(content);
  for (const name of STUDY_FILES) files.set(name, text(code[name]));
  files.set('faces.npz', exportFaces(faces, training.indices, training.labels));
  files.set('files.json', text(`${JSON.stringify(names, null, 2)}\n`));
  files.set('study.json', text(planText(plan)));
  files.set('study.sbatch', text(slurmScript(plan)));
  files.set('README.md', text(studyReadme(plan, countCells(plan))));
  return files;
}

/** Settings on which the faces of a bundle, their split and its pairs depend. */
const OF_FACES: readonly ConfigKey[] = [
  ...DRAWING_SETTINGS,
  'imageSize',
  'region',
  'identities',
  'imagesPerIdentity',
  'maxIdentities',
  'maxImagesPerIdentity',
  'heldOutShare',
];

function refuseOtherFaces({ axes, seedSettings }: StudyPlan): void {
  const axis = axes.find(
    ({ setting }) => OF_FACES.includes(setting) || setting === 'verifyPairs' || setting.endsWith('Seed'),
  );
  const seed = seedSettings.find((key) => key !== 'seed');
  const found = axis?.setting ?? seed;
  if (found === undefined) return;
  throw new StudyProblem(
    'bad-plan',
    `A bundle holds one set of faces and pairs, and ${found} changes them from run to run.`,
    'Make a bundle of each, or train with --shard.',
  );
}

/** Images and pairs of an evaluation, in the order of the folds. */
async function pairArrays(name: string, source: BenchmarkSource): Promise<Record<string, NpyArray>> {
  if (source.kind !== 'pairs') {
    throw new StudyProblem('bad-plan', `${name} compares templates; study.py knows pairs only.`, 'Leave it out.');
  }
  const { size, imageCount, pairs } = source;
  if (pairs.same.length < FOLDS) {
    const count = formatNumber(pairs.same.length);
    throw new StudyProblem('bad-plan', `${name} has ${count} pairs; a test needs ${FOLDS} or more.`, 'Leave it out.');
  }
  const bytes = size * size * FACE_CHANNELS;
  const used = [...new Set([...pairs.left, ...pairs.right])].sort((a, b) => a - b);
  const row = new Map(used.map((image, at) => [image, at]));
  const images = new Uint8Array(used.length * bytes);
  for await (const chunk of source.chunks()) {
    for (let at = 0; at < chunk.count; at++) {
      const place = row.get(chunk.first + at);
      if (place !== undefined) images.set(faceAt({ images: chunk.images, size }, at), place * bytes);
    }
  }
  if (used.some((image) => image >= imageCount)) throw new RangeError(`${name} has pairs of images that it lacks.`);
  const { order } = foldOrder(pairs.same);
  const shape = [order.length];
  const int32 = (values: ArrayLike<number>): NpyArray => ({ type: 'int32', shape, data: Int32Array.from(values) });
  const people = pairs.identities;
  return {
    images: { type: 'uint8', shape: [used.length, size, size, FACE_CHANNELS], data: images },
    left: int32(order.map((pair) => row.get(pairs.left[pair] ?? -1) ?? 0)),
    right: int32(order.map((pair) => row.get(pairs.right[pair] ?? -1) ?? 0)),
    same: { type: 'uint8', shape, data: Uint8Array.from(order, (pair) => pairs.same[pair] ?? 0) },
    ...(people === undefined
      ? {}
      : {
          people_left: int32(order.map((pair) => people.left[pair] ?? 0)),
          people_right: int32(order.map((pair) => people.right[pair] ?? 0)),
        }),
  };
}

/** One array job a cell; the cluster's own options, devices and accounts, are left to its users. */
function slurmScript(plan: StudyPlan): string {
  return `#!/bin/bash
#SBATCH --job-name=${plan.name}
#SBATCH --array=0-${countCells(plan) - 1}
#SBATCH --nodes=1
#SBATCH --gpus-per-node=1
#SBATCH --cpus-per-task=4
#SBATCH --time=24:00:00
#SBATCH --output=%x-%a.log

torchrun --standalone --nproc_per_node="\${SLURM_GPUS_ON_NODE:-1}" study.py --index "$SLURM_ARRAY_TASK_ID" --out out
`;
}
