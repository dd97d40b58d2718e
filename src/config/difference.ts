import { rangeText } from './field.ts';
import { ALL_PRESETS, withPreset } from './presets.ts';
import { formatNumber } from './quantity.ts';
import { CONFIG_KEYS, type ConfigKey, fieldOf, type RunConfig } from './run-config.ts';

/** One setting in which two runs differ, in words. */
export interface SettingDifference {
  readonly key: ConfigKey;
  readonly name: string;
  readonly value: string;
  /** The other run's value. */
  readonly instead: string;
}

/** Names for settings whose label in the form leans on the field before it. */
const NAMES: Partial<Record<ConfigKey, string>> = {
  epsilon: 'inactive below',
  rho: 'inactive below, of the strong',
  strongShare: 'share of strong filters',
  stopAt: 'checks stop at',
  checkEvery: 'checks every',
  dropsAt: 'learning rate drops at',
  dropFactor: 'each drop multiplies by',
  laterDecayFrom: 'weight decay changes at',
  photoYaw: 'pose of drawn photos',
  photoLight: 'light of drawn photos',
  photoYears: 'age in drawn photos',
  photoCovered: 'covered drawn faces',
  photoBlur: 'blur of drawn photos',
  faceVersion: 'drawing of faces',
};

/** A setting's name inside a sentence: "weight decay", but "ArcFace gradient". */
export function settingName(key: ConfigKey): string {
  const named = NAMES[key];
  if (named !== undefined) return named;
  const { label } = fieldOf(key);
  const startsAsWord = /^[A-Z][a-z]+(\W|$)/.test(label);
  return startsAsWord ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

/** A setting's value as a person reads it: "2 400", "cosine", "on", "60 % of run". */
export function settingValue(key: ConfigKey, config: RunConfig): string {
  const field = fieldOf(key);
  const value = config[key];
  switch (field.kind) {
    case 'number': {
      const text = formatNumber(Number(value));
      return field.unit?.startsWith('%') ? `${text} ${field.unit}` : text;
    }
    case 'choice': {
      const text = field.options[String(value)] ?? String(value);
      // The word alone hides both numbers of the change where these are the usual ones.
      if (key !== 'weightDecaySchedule' || value !== 'change') return text;
      const { laterWeightDecay, laterDecayFrom } = config;
      return `${text} to ${formatNumber(laterWeightDecay)} at ${formatNumber(laterDecayFrom)} %`;
    }
    case 'shares':
      return value === '' ? 'none' : `${value} ${field.unit ?? ''}`.trim();
    case 'range':
      return rangeText(String(value), field.unit);
    case 'toggle':
      return value ? 'on' : 'off';
  }
}

/** Every setting in which `config` differs from `other`, in the order of the form. */
export function differences(config: RunConfig, other: RunConfig): readonly SettingDifference[] {
  return CONFIG_KEYS.filter((key) => config[key] !== other[key]).map((key) => ({
    key,
    name: settingName(key),
    value: settingValue(key, config),
    instead: settingValue(key, other),
  }));
}

/**
 * How `config` differs from `other`, in words: "weight decay 0.001 instead of 0.01; seed 2 instead of 1".
 * At most `most` settings are named, the rest counted; empty when there is no difference.
 */
export function describeDifference(config: RunConfig, other: RunConfig, most = 3): string {
  const all = differences(config, other);
  const named = all.slice(0, most).map(({ name, value, instead }) => `${name} ${value} instead of ${instead}`);
  const rest = all.length - named.length;
  return rest === 0 ? named.join('; ') : `${named.join('; ')}; and ${rest} more`;
}

/** A recipe as the preset it differs least from: "Small, with weight decay 0.001 instead of 0.01", or "Small". */
export function recipeInWords(config: RunConfig): string {
  const all = ALL_PRESETS.map(({ id, name }) => ({ name, preset: withPreset(id, config) }));
  const counted = all.map((one) => ({ ...one, count: differences(config, one.preset).length }));
  const [nearest] = counted.sort((a, b) => a.count - b.count);
  if (nearest === undefined || nearest.count === 0) return nearest?.name ?? '';
  return `${nearest.name}, with ${describeDifference(config, nearest.preset, 6)}`;
}
