import { z } from 'zod';
import { isArmName } from '../config/arm.ts';
import { STRATEGIES } from '../craft/strategies.ts';

const step = z.int().min(0);
const arm = z.string().refine(isArmName);
const filters = z.array(z.int().min(0)).readonly();
const numbers = z.array(z.number().refine(Number.isFinite)).readonly();

/** A check that re-activated filters, or left them, as JSON holds it: without the kernels. */
const reactivationSchema = z
  .object({
    type: z.literal('reactivation'),
    step,
    arm,
    strategy: z.enum(STRATEGIES),
    /** The filters that were re-activated; empty when none was inactive or `skipped` says why not. */
    filters,
    skipped: z.literal('too-few-active').optional(),
    /** The strong filters that the new ones were drawn from. */
    donors: filters,
    /** The criterion's value of each re-activated filter, before. */
    values: numbers,
    /** [3, filters.length], the layers behind their convolution before and after; missing in runs of older versions. */
    channelsBefore: numbers.optional(),
    channelsAfter: numbers.optional(),
  })
  .readonly();

/** CRAFT was switched on or off in mid-run. */
const switchSchema = z.object({ type: z.literal('craft-switched'), step, arm, enabled: z.boolean() }).readonly();

/** The events of a run, as a file holds them. */
export const storedEventSchema = z.discriminatedUnion('type', [reactivationSchema, switchSchema]);

/** Kernels are [k, k, channels, filters.length]. */
export type ReactivationEntry = z.infer<typeof reactivationSchema> & {
  readonly before: Float32Array<ArrayBuffer>;
  readonly after: Float32Array<ArrayBuffer>;
};

export type SwitchEntry = z.infer<typeof switchSchema>;

export type HistoryEvent = ReactivationEntry | SwitchEntry;
