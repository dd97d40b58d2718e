import type { Field } from './field.ts';

/** Reads the value of a setting from outside. A number out of its range is clamped into it; undefined: not a value of this setting. */
export function readField(
  field: Field,
  value: unknown,
): { value: number | string | boolean; clamped: boolean } | undefined {
  switch (field.kind) {
    case 'number': {
      if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
      const asked = Number(value);
      if (Number.isNaN(asked)) return undefined;
      const inRange = Math.min(field.max, Math.max(field.min, asked));
      const used = field.integer ? Math.round(inRange) : inRange;
      return { value: used, clamped: used !== asked };
    }
    case 'choice': {
      // An object could run code of its own, or throw, when it is made a text.
      const text = typeof value === 'number' ? String(value) : value;
      if (typeof text !== 'string') return undefined;
      return Object.hasOwn(field.options, text) ? { value: text, clamped: false } : undefined;
    }
    case 'shares': {
      if (typeof value !== 'string' && typeof value !== 'number') return undefined;
      const asked = String(value)
        .split(/[\s,;]+/)
        .filter((part) => part !== '')
        .map(Number);
      if (asked.some(Number.isNaN)) return undefined;
      const inRange = asked.map((share) => Math.min(100, Math.max(0, Math.round(share * 1000) / 1000)));
      const used = [...new Set(inRange)].sort((a, b) => a - b).slice(0, field.most);
      return {
        value: used.join(' '),
        clamped: used.length < asked.length || inRange.some((one, at) => one !== asked[at]),
      };
    }
    case 'range': {
      if (typeof value !== 'string') return undefined;
      const asked = value
        .split(/[\s,;]+/)
        .filter((part) => part !== '')
        .map(Number);
      if (asked.length !== 2 || asked.some(Number.isNaN)) return undefined;
      const inRange = asked.map((one) => Math.min(field.max, Math.max(field.min, Math.round(one * 1000) / 1000)));
      return {
        value: inRange.sort((a, b) => a - b).join(' '),
        clamped: asked.some((one) => one < field.min || one > field.max),
      };
    }
    case 'toggle': {
      if (value === true || value === 'true' || value === '1') return { value: true, clamped: false };
      if (value === false || value === 'false' || value === '0') return { value: false, clamped: false };
      return undefined;
    }
  }
}
