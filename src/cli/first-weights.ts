import type { Arm } from '../config/arm.ts';
import type { RunConfig } from '../config/run-config.ts';
import { armsFrom, type FirstWeights, readFirstWeights } from '../exchange/first-weights.ts';
import type { FaceSet } from '../faces/face-set.ts';
import { splitIdentities } from '../faces/held-out.ts';
import { originInWords, type WeightsOrigin } from '../record/weights-origin.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { UsageError } from './arguments.ts';
import { besideOnDisk, modelFilesAt } from './model-files.ts';
import { log } from './terminal.ts';

/** The network of `--weights`, with `--weights-arm` of a run; undefined without. @throws UsageError, ModelProblem */
export async function weightsNamed(flags: {
  readonly weights?: string;
  readonly 'weights-arm'?: string;
  readonly resume?: string;
}): Promise<FirstWeights | undefined> {
  const { weights, 'weights-arm': arm, resume } = flags;
  if (weights === undefined) {
    if (arm !== undefined) throw new UsageError('--weights-arm chooses an arm of the run that --weights names.');
    return undefined;
  }
  if (resume !== undefined) {
    throw new UsageError('--weights begins a run, and --resume continues one: leave one of them out.');
  }
  return readFirstWeights(modelFilesAt([weights]), { arm, beside: besideOnDisk });
}

/** The step 0 of a run that begins with these weights. @throws ModelProblem where its network has another shape */
export function beginWith(
  weights: FirstWeights,
  { config, arms, faces }: { readonly config: RunConfig; readonly arms: readonly Arm[]; readonly faces: FaceSet },
): { readonly checkpoint: Checkpoint; readonly origin: WeightsOrigin } {
  const people = splitIdentities(faces, config.heldOutShare, config.splitSeed).training.identities;
  const first = armsFrom(weights, { config, arms, people });
  log(`First weights: ${originInWords(first.origin)}`);
  return { checkpoint: { config, step: 0, arms: first.arms }, origin: first.origin };
}
