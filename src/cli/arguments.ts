import { parseArgs } from 'node:util';
import { CONFIG_KEYS, type ConfigKey, fieldOf } from '../config/run-config.ts';

/** A mistake on the command line, as a sentence. */
export class UsageError extends Error {}

/** Flags of `npm run train` beside the settings of a run, each with a value. */
export const TRAIN_FLAGS = ['preset', 'out', 'json', 'resume', 'weights', 'weights-arm', 'end-at', 'threads'] as const;

/** `weightDecay` is `--weight-decay` on the command line. */
export function flagOf(key: ConfigKey): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export interface Arguments<Own extends string, List extends string = never> {
  /** The command's own flags, as given. */
  readonly own: Readonly<Partial<Record<Own, string>>>;
  /** Flags that may be given several times, in their order. */
  readonly lists: ReadonlyMap<List, readonly string[]>;
  /** The config's settings that were given. */
  readonly settings: Readonly<Partial<Record<ConfigKey, string>>>;
}

/**
 * Reads `--flag value` pairs: one flag for every setting of a run, and the command's own.
 * @throws UsageError for a flag that does not exist or has no value; Error where an own flag has the name of a setting's
 */
export function readArguments<const Own extends string, const List extends string = never>(
  argv: readonly string[],
  ownFlags: readonly Own[],
  listFlags: readonly List[] = [],
): Arguments<Own, List> {
  const keyOf = new Map(CONFIG_KEYS.map((key) => [flagOf(key), key]));
  const ambiguous = [...ownFlags, ...listFlags].find((flag) => keyOf.has(flag));
  if (ambiguous !== undefined)
    throw new Error(`--${ambiguous} is a setting of a run; the command's own needs another name.`);
  const once = [...keyOf.keys(), ...ownFlags].map((flag) => [flag, { type: 'string', multiple: false }] as const);
  const several = listFlags.map((flag) => [flag, { type: 'string', multiple: true }] as const);
  const options = Object.fromEntries([...once, ...several]);
  let values: Record<string, unknown>;
  try {
    values = parseArgs({ args: argv.filter((arg) => arg !== '--'), options, strict: true }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const own: Partial<Record<Own, string>> = {};
  const settings: Partial<Record<ConfigKey, string>> = {};
  for (const [flag, value] of Object.entries(values)) {
    if (typeof value !== 'string') continue;
    const ownFlag = ownFlags.find((name) => name === flag);
    const key = keyOf.get(flag);
    // An unset variable of a shell; an empty --out would be the folder one is in.
    if (ownFlag !== undefined && value === '') throw new UsageError(`--${flag} is given without a value.`);
    if (ownFlag !== undefined) own[ownFlag] = value;
    else if (key !== undefined) settings[key] = value;
  }
  const given = new Map(Object.entries(values));
  const lists = new Map(
    listFlags.map((flag) => {
      const list = given.get(flag);
      return [flag, Array.isArray(list) ? list.map(String) : []] as const;
    }),
  );
  return { own, lists, settings };
}

/** One line a setting: flag, range, default and its sentence of help. */
export function describeSettings(): string {
  return CONFIG_KEYS.map((key) => {
    const field = fieldOf(key);
    const range =
      field.kind === 'number'
        ? `${field.min} to ${field.max}`
        : field.kind === 'choice'
          ? Object.keys(field.options).join(' | ')
          : field.kind === 'shares'
            ? `up to ${field.most} numbers from 0 to 100`
            : field.kind === 'range'
              ? `two numbers from ${field.min} to ${field.max}, as --${flagOf(key)}=${field.default.replace(' ', ',')}`
              : 'true | false';
    return `  --${flagOf(key).padEnd(20)} ${range} (default ${field.default})\n      ${field.help}`;
  }).join('\n');
}
