import { z } from 'zod';
import { type Field, fieldRegistry } from './field.ts';
import { CRAFT_SETTINGS } from './settings/craft.ts';
import { FACES_SETTINGS } from './settings/faces.ts';
import { NETWORK_SETTINGS } from './settings/network.ts';
import { RECIPE_SETTINGS } from './settings/recipe.ts';
import { RUN_SETTINGS } from './settings/run.ts';

/**
 * Raised when a field changes its meaning. 1: `seed` also meant `splitSeed`, `facesSeed` and `testSeed`. 2: faces were drawn
 * as by `faceVersion` 1. Links and files of these versions keep their meaning.
 */
export const CONFIG_VERSION = 3;

/**
 * Everything a run is: with the same faces, the same kind of adapter and the same config a run
 * repeats number for number. The single source for the type, the form, the URL, the JSON file,
 * the CLI flags and the difference of two runs.
 */
export const runConfigSchema = z.object({
  ...FACES_SETTINGS,
  ...NETWORK_SETTINGS,
  ...RECIPE_SETTINGS,
  ...CRAFT_SETTINGS,
  ...RUN_SETTINGS,
});

export type RunConfig = Readonly<z.infer<typeof runConfigSchema>>;
export type ConfigKey = keyof RunConfig;

export const CONFIG_KEYS = Object.keys(runConfigSchema.shape) as readonly ConfigKey[];

/** The description of a field: label, help, unit, range. */
export function fieldOf(key: ConfigKey): Field {
  const field = fieldRegistry.get(runConfigSchema.shape[key]);
  if (field === undefined) throw new Error(`The setting ${key} is not described.`);
  return field;
}

export const DEFAULT_CONFIG: RunConfig = runConfigSchema.parse(
  Object.fromEntries(CONFIG_KEYS.map((key) => [key, fieldOf(key).default])),
);
