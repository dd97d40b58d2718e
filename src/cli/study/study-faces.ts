import { basename } from 'node:path';
import { faceChoice } from '../../config/face-choice.ts';
import type { RunConfig } from '../../config/run-config.ts';
import { faceDigest } from '../../faces/face-digest.ts';
import { type FaceSet, faceCount, sharedFaces } from '../../faces/face-set.ts';
import type { StudyFaces, StudyPlan } from '../../study/plan.ts';
import { UsageError } from '../arguments.ts';
import { trainingFaces } from '../training-faces.ts';

/** The faces of a study by the settings that choose them, read once. */
export class StudyFaceSets {
  readonly #plan: StudyPlan;
  readonly #path: string | undefined;
  readonly #sets = new Map<string, Promise<FaceSet>>();

  /** `path` is that of the user's own faces. @throws UsageError where the plan wants others than are given */
  constructor(plan: StudyPlan, path: string | undefined) {
    const own = plan.config.faces === 'own';
    if (own && path === undefined) {
      throw new UsageError('The study is of your own faces; name them with --faces PATH.');
    }
    this.#plan = plan;
    this.#path = own ? path : undefined;
  }

  /** Those of a run, their pixels where threads can read them. */
  for(config: RunConfig): Promise<FaceSet> {
    const key = faceChoice(config);
    const known = this.#sets.get(key) ?? trainingFaces(this.#path, config).then(sharedFaces);
    this.#sets.set(key, known);
    return known;
  }

  /** The entry in study.json for faces that the plan's own settings choose. */
  async about(): Promise<StudyFaces> {
    const faces = await this.for(this.#plan.config);
    const digest = await faceDigest(faces);
    if (digest === undefined) throw new Error('Node has no SHA-256.');
    const name = this.#path === undefined ? 'synthetic' : basename(this.#path);
    return { name, identities: faces.identities.length, images: faceCount(faces), digest };
  }
}
