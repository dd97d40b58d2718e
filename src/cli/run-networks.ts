import { armConfig } from '../config/arm.ts';
import type { readRunArchive } from '../exchange/run-archive.ts';
import { architectureOf } from '../network/architecture.ts';
import { FaceNetwork } from '../network/face-network.ts';
import { CENTRES_NAME } from '../network/parameters.ts';
import { recipeOf } from '../network/recipe.ts';
import { UsageError } from './arguments.ts';

/** The networks of a run's archive, by arm. The caller disposes them. */
export function networksOf(
  archive: Pick<ReturnType<typeof readRunArchive>, 'config' | 'arms'>,
  arm?: string,
): ReadonlyMap<string, FaceNetwork> {
  const chosen = archive.arms.filter(({ name }) => arm === undefined || name === arm);
  if (chosen.length === 0) {
    throw new UsageError(`The run has no arm "${arm}", only ${archive.arms.map(({ name }) => name).join(' and ')}.`);
  }
  return new Map(
    chosen.map((arm) => {
      const { name, state } = arm;
      const config = armConfig(archive.config, arm);
      const classes = state.get(CENTRES_NAME)?.shape[0] ?? 0;
      const architecture = architectureOf(config, classes);
      const network = FaceNetwork.create(architecture, recipeOf(config), config.seed);
      network.importState(state);
      return [name, network];
    }),
  );
}
