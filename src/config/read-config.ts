import type { Field } from './field.ts';
import { readField } from './read-field.ts';
import { type ConfigKey, DEFAULT_CONFIG, fieldOf, type RunConfig, runConfigSchema } from './run-config.ts';

/** Something that was changed or left out while a config was read, as a sentence for a person. */
export interface ConfigNotice {
  readonly key: string;
  readonly message: string;
}

/** The same, with the sentence of a reader that refuses the value: the values that are taken. */
export interface ReadNotice extends ConfigNotice {
  readonly refusal: string;
}

export interface ReadConfig {
  readonly config: RunConfig;
  readonly notices: readonly ReadNotice[];
}

/**
 * Reads settings from outside (URL, file, command line): numbers are clamped into their range,
 * values that cannot be read and unknown names are left at `base`, and each such change is reported.
 * Never throws.
 */
export function readConfig(values: Readonly<Record<string, unknown>>, base: RunConfig = DEFAULT_CONFIG): ReadConfig {
  const notices: ReadNotice[] = [];
  const accepted: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(values)) {
    if (!isConfigKey(key)) {
      const fault = `There is no setting "${key}"`;
      notices.push({ key, message: `${fault}; it was ignored.`, refusal: `${fault}.` });
      continue;
    }
    const field = fieldOf(key);
    const read = readField(field, value);
    const refusal = `${field.label}: ${expected(field)} expected, not ${shown(value)}.`;
    if (read === undefined) {
      const message = `${shown(value)} is no value for ${field.label}; it stays at ${base[key]}.`;
      notices.push({ key, message, refusal });
    } else {
      if (read.clamped) {
        notices.push({
          key,
          message: `${field.label} ${String(value).slice(0, 80)} is out of range; ${read.value} is used.`,
          refusal,
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

/** The values of a setting: "a whole number from 4 to 64 is". */
function expected(field: Field): string {
  switch (field.kind) {
    case 'number':
      return `a ${field.integer ? 'whole ' : ''}number from ${field.min} to ${field.max} is`;
    case 'choice':
      return `one of ${Object.keys(field.options).join(', ')} is`;
    case 'shares':
      return `up to ${field.most} numbers from 0 to 100 are`;
    case 'range':
      return `two numbers from ${field.min} to ${field.max} are`;
    case 'toggle':
      return 'true or false is';
  }
}

/** A value as a sentence can hold it. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value.slice(0, 80)}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `A value of type ${typeof value}`;
}

function isConfigKey(key: string): key is ConfigKey {
  return Object.hasOwn(runConfigSchema.shape, key);
}
