import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FaceSet, faceCount } from '../../faces/face-set.ts';
import type { StudyFaces, StudyPlan } from '../../study/plan.ts';
import { planText, readPlan, samePlan } from '../../study/plan-file.ts';
import { StudyProblem } from '../../study/problem.ts';
import { readWhole, writeWhole } from '../files.ts';

const PLAN = 'study.json';

/** The plan of a study's folder; undefined where there is none yet. @throws StudyProblem, FileProblem */
export function planIn(out: string): StudyPlan | undefined {
  const path = join(out, PLAN);
  return existsSync(path) ? readPlan(readWhole(path)) : undefined;
}

/**
 * Settles the plan of a folder before the first run. A folder that has one keeps it, but for seeds that are added.
 * @throws StudyProblem `other-study` where the folder holds another study, or other faces are given
 */
export function settlePlan(out: string, wanted: StudyPlan, faces: StudyFaces): StudyPlan {
  const kept = planIn(out);
  if (kept !== undefined && !samePlan(kept, wanted)) {
    throw new StudyProblem('other-study', `${out} holds another study.`, 'Name another folder with --out.');
  }
  const known = kept?.faces ?? wanted.faces;
  if (known !== undefined && known.digest !== faces.digest) {
    throw new StudyProblem(
      'other-study',
      `The study is of the faces "${known.name}" (${known.images} images); these are others (${faces.images} images).`,
      'Give the same faces, or plan another study.',
    );
  }
  const seeds = [...new Set([...(kept?.seeds ?? []), ...wanted.seeds])];
  const plan = { ...wanted, version: kept?.version ?? wanted.version, seeds, faces };
  writeWhole(join(out, PLAN), planText(plan));
  return plan;
}

/** What tells a face set from others: the digest of its size, region, labels and pixels. */
export async function facesOfStudy(name: string, faces: FaceSet): Promise<StudyFaces> {
  const { size, region, labels, images, identities } = faces;
  const head = new TextEncoder().encode(JSON.stringify([size, region, ...labels]));
  const bytes = new Uint8Array(head.length + images.length);
  bytes.set(head);
  bytes.set(images, head.length);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const digest = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { name, identities: identities.length, images: faceCount(faces), digest };
}
