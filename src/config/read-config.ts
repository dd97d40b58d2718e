import { readField } from './read-field.ts';
import { type ConfigKey, DEFAULT_CONFIG, fieldOf, type RunConfig, runConfigSchema } from './run-config.ts';

/** Something that was changed or left out while a config was read, as a sentence for a person. */
export interface ConfigNotice {
  readonly key: string;
  readonly message: string;
}

export interface ReadConfig {
  readonly config: RunConfig;
  readonly notices: readonly ConfigNotice[];
}

/**
 * Reads settings from outside (URL, file, command line): numbers are clamped into their range,
 * values that cannot be read and unknown names are left at `base`, and each such change is reported.
 * Never throws.
 */
export function readConfig(values: Readonly<Record<string, unknown>>, base: RunConfig = DEFAULT_CONFIG): ReadConfig {
  const notices: ConfigNotice[] = [];
  const accepted: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(values)) {
    if (!isConfigKey(key)) {
      notices.push({ key, message: `There is no setting "${key}"; it was ignored.` });
      continue;
    }
    const field = fieldOf(key);
    const read = readField(field, value);
    if (read === undefined) {
      notices.push({ key, message: `${shown(value)} is no value for ${field.label}; it stays at ${base[key]}.` });
    } else {
      if (read.clamped) {
        notices.push({
          key,
          message: `${field.label} ${String(value).slice(0, 80)} is out of range; ${read.value} is used.`,
        });
      }
      accepted[key] = read.value;
    }
  }
  return { config: runConfigSchema.parse(accepted), notices };
}

/** Settings of version 1 as they are written today: its seed was also those of split, people and test too. */
export function withSeeds(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { seed } = values;
  return seed === undefined ? values : { splitSeed: seed, facesSeed: seed, testSeed: seed, ...values };
}

/** Settings of version 1 or 2 that leave out how faces are drawn, as they are written today. */
export function withFaceVersion(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { faceVersion: '1', ...values };
}

/** Reads settings that were saved whole, by this version or an older one. Never throws. */
export function readSavedConfig(values: Readonly<Record<string, unknown>>): ReadConfig {
  return readConfig(withFaceVersion(withSeeds(values)));
}

/** A value as a sentence can hold it. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `A value of type ${typeof value}`;
}

function isConfigKey(key: string): key is ConfigKey {
  return Object.hasOwn(runConfigSchema.shape, key);
}
