import { z } from 'zod';

// Zod would compile its checks with `new Function`, which the page's Content-Security-Policy refuses.
z.config({ jitless: true });

/** The groups of settings, in the order the rail shows them. */
export const FIELD_GROUPS = ['faces', 'network', 'recipe', 'craft', 'run'] as const;
export type FieldGroup = (typeof FIELD_GROUPS)[number];

interface FieldText {
  readonly group: FieldGroup;
  readonly label: string;
  /** One sentence a student understands. */
  readonly help: string;
  /** Written after the value: "steps", "px", "% of run". */
  readonly unit?: string;
  /** May change while a run trains; everything else starts with the next run. */
  readonly live?: boolean;
  /** The same for all arms of a run, as are all of the groups `faces` and `run`. */
  readonly shared?: boolean;
}

export interface NumberField extends FieldText {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly integer: boolean;
  readonly default: number;
}

export interface ChoiceField extends FieldText {
  readonly kind: 'choice';
  /** Value to label, in the order they are offered. */
  readonly options: Readonly<Record<string, string>>;
  readonly default: string;
}

export interface ToggleField extends FieldText {
  readonly kind: 'toggle';
  readonly default: boolean;
}

/** Shares of the run in per cent, rising, as a text: "50 75 90"; empty for none. */
export interface SharesField extends FieldText {
  readonly kind: 'shares';
  readonly most: number;
  readonly default: string;
}

/** Two numbers, the lower first, as a text: "-24 24". */
export interface RangeField extends FieldText {
  readonly kind: 'range';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly default: string;
}

export type Field = NumberField | ChoiceField | ToggleField | SharesField | RangeField;

/** The description of a field for the form, the URL, the CLI and the run-to-run difference. */
export const fieldRegistry = z.registry<Field>();

type NumberOptions = Omit<NumberField, 'kind' | 'integer' | 'step'> & { readonly step?: number };

export function integer(options: NumberOptions) {
  const field: NumberField = { kind: 'number', integer: true, step: 1, ...options };
  return z.int().min(field.min).max(field.max).register(fieldRegistry, field);
}

export function real(options: NumberOptions & { readonly step: number }) {
  const field: NumberField = { kind: 'number', integer: false, ...options };
  return z.number().min(field.min).max(field.max).register(fieldRegistry, field);
}

export function choice<const Values extends Record<string, string>>(
  options: Omit<ChoiceField, 'kind' | 'options' | 'default'> & {
    readonly options: Values;
    readonly default: `${keyof Values & (string | number)}`;
  },
) {
  const field: ChoiceField = { kind: 'choice', ...options };
  type Value = `${keyof Values & (string | number)}`;
  const values = Object.keys(options.options) as [Value, ...Value[]];
  return z.enum(values).register(fieldRegistry, field);
}

export function toggle(options: Omit<ToggleField, 'kind'>) {
  const field: ToggleField = { kind: 'toggle', ...options };
  return z.boolean().register(fieldRegistry, field);
}

const SHARES = /^(\d+(\.\d+)?( \d+(\.\d+)?)*)?$/;

export function shares(options: Omit<SharesField, 'kind'>) {
  const field: SharesField = { kind: 'shares', ...options };
  return z.string().max(200).regex(SHARES).register(fieldRegistry, field);
}

const RANGE = /^-?\d+(\.\d+)? -?\d+(\.\d+)?$/;

export function range(options: Omit<RangeField, 'kind'>) {
  const field: RangeField = { kind: 'range', ...options };
  return z.string().max(40).regex(RANGE).register(fieldRegistry, field);
}

/** The two numbers of a range field's value. */
export function rangeOf(text: string): readonly [low: number, high: number] {
  const [low = 0, high = 0] = text.split(' ').map(Number);
  return [low, high];
}

/** A range field's value as a person reads it: "−24 to 24°", "0 to 1.6 px". */
export function rangeText(text: string, unit = ''): string {
  const [low, high] = rangeOf(text).map((value) => String(value).replace('-', '−'));
  return `${low} to ${high}${/^\w/.test(unit) ? ' ' : ''}${unit}`;
}

/** The numbers of a shares field's value. */
export function sharesOf(text: string): readonly number[] {
  return text === '' ? [] : text.split(' ').map(Number);
}
