import { zipSync } from 'fflate';
import { exportStudy } from '../exchange/export/study-bundle.ts';
import study from '../exchange/pytorch/bundle/study.py?raw';
import type { BenchmarkSource } from '../faces/benchmark-source.ts';
import { faceDigest } from '../faces/face-digest.ts';
import { type FaceSet, faceCount } from '../faces/face-set.ts';
import { syntheticSource } from '../faces/face-set-source.ts';
import { browserDecoder } from '../faces/import/browser-decoder.ts';
import { unreadableNotes } from '../faces/import/import-notes.ts';
import { recogniseFiles } from '../faces/import/recognise.ts';
import { sourceOfData } from '../faces/import/source-of-data.ts';
import { VARIATIONS } from '../faces/synthetic/variation.ts';
import { drawnBenchmark, type Evaluation } from '../study/evaluation.ts';
import type { StudyPlan } from '../study/plan.ts';
import { readPlan } from '../study/plan-file.ts';
import { StudyProblem } from '../study/problem.ts';
import type { FaceLibrary } from './face-library.ts';
import type { Command, PackedStudy } from './protocol.ts';
import { BUILT_IN_BUNDLE } from './runs/built-in-bundle.ts';

type PackCommand = Extract<Command, { type: 'pack-study' }>;

/**
 * A study's files for a cluster as one .zip, with its faces and the pairs of its tests.
 * @throws StudyProblem, ImportError, RunFailure
 */
export async function packStudy(command: PackCommand, library: FaceLibrary): Promise<PackedStudy> {
  const planned = readPlan(new TextEncoder().encode(command.plan));
  const faces = await library.wholeSet(planned.config);
  const plan = { ...planned, faces: await aboutFaces(faces) };
  const sources = new Map<string, BenchmarkSource>();
  for (const evaluation of plan.evaluations) {
    sources.set(evaluation.name, await sourceOf(evaluation, plan, command));
  }
  const files = await exportStudy(plan, faces, sources, { ...BUILT_IN_BUNDLE, 'study.py': study });
  const unreadable = [...sources].flatMap(([name, source]) =>
    unreadableNotes(source.unreadable).map((note) => `${name}: ${note}`),
  );
  return { bytes: zipSync(Object.fromEntries(files), { level: 0 }), unreadable };
}

async function aboutFaces(faces: FaceSet): Promise<StudyPlan['faces']> {
  const digest = await faceDigest(faces);
  const name = faces.source.kind === 'own' ? faces.source.name : 'synthetic';
  return digest === undefined
    ? undefined
    : { name, identities: faces.identities.length, images: faceCount(faces), digest };
}

async function sourceOf(
  evaluation: Evaluation,
  { config }: StudyPlan,
  { files }: PackCommand,
): Promise<BenchmarkSource> {
  const { imageSize: size, region, verifyPairs: pairs, testSeed: seed } = config;
  const drawn = drawnBenchmark(evaluation);
  const variation = VARIATIONS.find((name) => name === drawn);
  if (variation !== undefined) return syntheticSource({ variation, size, region, pairs, seed });
  const { data } = evaluation;
  const given = files.find((one) => one.data === data)?.files ?? [];
  const { found, problems } = await recogniseFiles({ name: data, files: given });
  const [first] = found;
  if (first !== undefined) return sourceOfData(first, { size, region, pairs, seed, decode: browserDecoder() });
  throw problems[0] ?? new StudyProblem('bad-plan', `There are no pairs in ${data}.`, 'Drop another file.');
}
