import { type Field, type FieldGroup, type NumberField, rangeText } from '../../config/field.ts';
import { formatNumber, formatPercent } from '../../config/quantity.ts';
import { CONFIG_KEYS, type ConfigKey, fieldOf } from '../../config/run-config.ts';
import { SLID } from '../kit/group-fields.ts';

/** The names of the groups of settings, as on the rail. */
export const GROUP_TITLES: Readonly<Record<FieldGroup, string>> = {
  faces: 'Faces',
  network: 'Network',
  recipe: 'Recipe',
  craft: 'CRAFT',
  run: 'Run',
};

/** The settings of a group, all of them, in the order of the schema. */
export function settingsOf(group: FieldGroup): readonly ConfigKey[] {
  return CONFIG_KEYS.filter((key) => fieldOf(key).group === group);
}

/** Id of a setting's entry. */
export function entryId(key: ConfigKey): string {
  return `setting-${key}`;
}

/** Range or choices, default, and whether a change applies while a run trains: "0 to 100 % of run · default 60 % of run · applies immediately". */
export function factsOf(key: ConfigKey): string {
  const field = fieldOf(key);
  return [...valuesOf(key, field), ...(field.live ? ['applies immediately'] : [])].join(' · ');
}

function valuesOf(key: ConfigKey, field: Field): readonly string[] {
  switch (field.kind) {
    case 'number': {
      const quantity = (value: number) => (SLID.has(key) ? formatPercent(value) : withUnit(value, field));
      const lowest = SLID.has(key) ? formatPercent(field.min) : formatNumber(field.min);
      return [`${lowest} to ${quantity(field.max)}`, `default ${quantity(field.default)}`];
    }
    case 'choice': {
      const labels = Object.values(field.options);
      return [labels.join(' / '), `default ${field.options[field.default] ?? field.default}`];
    }
    case 'shares':
      return [`up to ${field.most} numbers from 0 to 100`, `default ${field.default} ${field.unit ?? ''}`.trim()];
    case 'range':
      return [
        `two numbers, ${rangeText(`${field.min} ${field.max}`, field.unit)}`,
        `default ${rangeText(field.default, field.unit)}`,
      ];
    case 'toggle':
      return [field.default ? 'on by default' : 'off by default'];
  }
}

function withUnit(value: number, { unit }: NumberField): string {
  return unit === undefined ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
}
