import { z } from 'zod';
import { isArmName } from '../config/arm.ts';
import type { Budget } from '../formats/budget.ts';
import { floatsOf, type RawTensor } from '../formats/element-types.ts';
import { readJson } from '../formats/json.ts';
import { type FloatTensor, readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import { type HistoryEvent, storedEventSchema } from '../record/history-events.ts';
import {
  type ArmHistory,
  armTables,
  EMPTY_TABLE,
  type HistoryTable,
  LATER_TABLES,
  type RunHistory,
  shapeOf,
  TABLE_NAMES,
  tableWidths,
} from '../record/run-history.ts';
import type { ModelProblem } from './model-problem.ts';
import { damagedRun } from './run-problem.ts';

const MOST_EVENTS = 1_000_000;
const historySchema = z.object({
  formatVersion: z.literal(1),
  events: z.array(storedEventSchema).max(MOST_EVENTS),
  seams: z
    .array(
      z.object({
        step: z.int().min(0),
        lostAt: z.int().min(0),
        reason: z.string().max(80),
        note: z.string().max(80).optional(),
      }),
    )
    .max(MOST_EVENTS),
  strides: z.record(
    z.string(),
    z
      .int()
      .min(1)
      .max(2 ** 30),
  ),
});

/**
 * Writes a history as .safetensors: for each arm and table `craft.norms` [rows, filters] and `craft.norms.step` [rows]
 * (steps below 2^24 are exact in float32), kernels as [rows, k, k, channels, filters]; events and seams as JSON under
 * `history` in the metadata, and the kernels before and after re-activation, in the order of the events, one after the
 * other in `events.before` and `events.after`. Strides as in HistoryTable.
 */
export function writeHistory(history: RunHistory): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, FloatTensor>();
  const strides: Record<string, number> = {};
  for (const [arm, tables] of Object.entries(history.arms)) {
    for (const name of TABLE_NAMES) {
      const { steps, rows, stride } = tables[name];
      strides[`${arm}.${name}`] = stride;
      tensors.set(`${arm}.${name}.step`, { shape: [steps.length], data: Float32Array.from(steps) });
      tensors.set(`${arm}.${name}`, { shape: [steps.length, ...rowShape(name, shapeOf(history, arm))], data: rows });
    }
  }
  const checks = history.events.filter((event) => event.type === 'reactivation');
  for (const moment of ['before', 'after'] as const) {
    const data = joined(checks.map((event) => event[moment]));
    tensors.set(`events.${moment}`, { shape: [data.length], data });
  }
  const events = history.events.map((event) =>
    event.type === 'reactivation' ? { ...event, before: undefined, after: undefined } : event,
  );
  const stored = { formatVersion: 1, events, seams: history.seams, strides };
  return writeSafetensors(tensors, { history: JSON.stringify(stored) });
}

/**
 * Reads a history up to `step`, of a run whose first kernels have these shapes.
 * @throws ModelProblem, and FormatProblem for a fault of the file itself
 */
export function readHistory(
  bytes: Uint8Array,
  shapes: Pick<RunHistory, 'kernelShape' | 'kernelShapes'>,
  step: number,
  budget: Budget,
): RunHistory {
  const { tensors, metadata } = readSafetensors(bytes, budget);
  // Tables as float32, cut to the steps that are kept.
  budget.charge(2 * bytes.length, 'its history');
  const header = historySchema.safeParse(readJson(new TextEncoder().encode(metadata.get('history') ?? ''), budget));
  if (!header.success) throw damaged('its events cannot be read');
  const arms: Record<string, ArmHistory> = {};
  for (const name of tensors.keys()) {
    const arm = /^(.+)\.norms$/.exec(name)?.[1];
    if (arm === undefined || !isArmName(arm)) continue;
    const shape = shapeOf(shapes, arm);
    arms[arm] = armTables((table): HistoryTable => {
      const place = `${arm}.${table}`;
      if (LATER_TABLES.includes(table) && !tensors.has(place)) return EMPTY_TABLE;
      return { ...rowsOf(tensors, place, rowShape(table, shape), step), stride: header.data.strides[place] ?? 1 };
    });
  }
  const seams = header.data.seams.filter((seam) => seam.step <= step);
  return { ...shapes, arms, events: eventsOf(header.data.events, tensors, shapes, step), seams };
}

const NUMBERS: readonly (keyof ArmHistory)[] = [
  'loss',
  'inactiveShare',
  'relativeInactiveShare',
  'unusedShare',
  'verification',
  'deviation',
];

/** Shape of a row; single numbers have none. */
function rowShape(name: keyof ArmHistory, kernelShape: RunHistory['kernelShape']): readonly number[] {
  if (name === 'kernels') return kernelShape;
  return NUMBERS.includes(name) ? [] : [tableWidths(kernelShape)[name]];
}

function rowsOf(
  tensors: ReadonlyMap<string, RawTensor>,
  name: string,
  row: readonly number[],
  last: number,
): Omit<HistoryTable, 'stride'> {
  const values = tensors.get(name);
  const rows = values && floatsOf(values);
  const steps = Int32Array.from(numbersOf(tensors, `${name}.step`));
  if (values === undefined || rows === undefined) throw damaged(`"${name}" is missing`);
  if (values.shape.join() !== [steps.length, ...row].join()) {
    throw damaged(`"${name}" is [${values.shape.slice(0, 8)}] instead of [${[steps.length, ...row]}]`);
  }
  if (!rows.every(Number.isFinite)) throw damaged(`"${name}" holds something that is no number`);
  if (!steps.every((step, index) => step >= (steps[index - 1] ?? 0) && step <= last)) {
    throw damaged(`the steps of "${name}" do not rise from 0 to ${last}`);
  }
  return { steps, rows };
}

function numbersOf(tensors: ReadonlyMap<string, RawTensor>, name: string): Float32Array<ArrayBuffer> {
  const tensor = tensors.get(name);
  const numbers = tensor && floatsOf(tensor);
  if (tensor?.shape.length !== 1 || numbers === undefined) throw damaged(`"${name}" is missing`);
  return numbers;
}

function eventsOf(
  stored: readonly z.infer<typeof storedEventSchema>[],
  tensors: ReadonlyMap<string, RawTensor>,
  shapes: Pick<RunHistory, 'kernelShape' | 'kernelShapes'>,
  last: number,
): readonly HistoryEvent[] {
  const before = numbersOf(tensors, 'events.before');
  const after = numbersOf(tensors, 'events.after');
  let position = 0;
  let step = 0;
  const events = stored.map((event): HistoryEvent => {
    if (event.step < step || event.step > last) throw damaged(`its events do not rise from step 0 to ${last}`);
    step = event.step;
    if (event.type !== 'reactivation') return event;
    const [height, width, channels, filters] = shapeOf(shapes, event.arm);
    if (![...event.filters, ...event.donors].every((filter) => filter < filters)) {
      throw damaged(`the check at step ${event.step} names a filter that does not exist`);
    }
    for (const numbers of [event.channelsBefore, event.channelsAfter]) {
      if (numbers !== undefined && numbers.length !== 3 * event.filters.length) {
        throw damaged(`the check at step ${event.step} has ${numbers.length} channel numbers`);
      }
    }
    const from = position;
    position += event.filters.length * height * width * channels;
    return { ...event, before: before.slice(from, position), after: after.slice(from, position) };
  });
  if (before.length !== position || after.length !== position) throw damaged('its events lack their filters');
  return events;
}

function joined(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

function damaged(fault: string): ModelProblem {
  return damagedRun('history of the run', fault);
}
