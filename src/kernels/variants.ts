/*
 * Some kernels can share out their work in two ways that give the same numbers but for the order of their sums. Which is
 * faster depends on the adapter, so it is measured once and remembered: a run that goes on must sum in the same order.
 */

/** What comes in variants. */
export const VARIED_KERNELS = ['convolution', 'filterGradient', 'product', 'rowMap', 'rowSum'] as const;
export type VariedKernel = (typeof VARIED_KERNELS)[number];

/** `few`: few invocations with much work each, as processors like it. `many`: many with little, for graphics cards. */
export const VARIANTS = ['few', 'many'] as const;
export type Variant = (typeof VARIANTS)[number];

/** The variant of every kernel that has some. */
export type VariantChoice = Readonly<Record<VariedKernel, Variant>>;

/** Where choices are kept from one start to the next, by adapter and version. */
export interface VariantMemory {
  find(adapter: string): Promise<unknown>;
  keep(adapter: string, choice: VariantChoice): Promise<void>;
}

/** How a backend comes to its variants. */
export interface KernelTuning {
  readonly memory: VariantMemory;
  /** Variants to take instead, of a run that is to go on as it began; what it does not name is as usual. */
  readonly fixed?: unknown;
}

export interface Measurement {
  /** What is taken unless it is clearly the slower one, or cannot be measured. */
  readonly fallback: VariantChoice;
  /**
   * Milliseconds of a kernel in a variant; undefined where this adapter cannot be timed, or not before `until` on the
   * clock of `now`.
   */
  readonly time: (kernel: VariedKernel, variant: Variant, until: number) => Promise<number | undefined>;
  /** Nothing is begun that many milliseconds after the start. */
  readonly budgetMs: number;
  /** Milliseconds, as performance.now gives them. */
  readonly now: () => number;
}

/** The other variant must take less than this share of the fallback's time: readings of equal speeds scatter. */
const CLEARLY_FASTER = 0.85;

/** The same variant everywhere. */
export function everywhere(variant: Variant): VariantChoice {
  return { convolution: variant, filterGradient: variant, product: variant, rowMap: variant, rowSum: variant };
}

/** Measures kernel by kernel, and stays with the fallback where that shows nothing. */
export async function chooseVariants({ fallback, time, budgetMs, now }: Measurement): Promise<VariantChoice> {
  const chosen: Record<VariedKernel, Variant> = { ...fallback };
  const until = now() + budgetMs;
  for (const kernel of VARIED_KERNELS) {
    if (now() >= until) break;
    const usual = fallback[kernel];
    const other = usual === 'few' ? 'many' : 'few';
    const usualMs = await time(kernel, usual, until);
    const otherMs = usualMs === undefined ? undefined : await time(kernel, other, until);
    if (usualMs === undefined || otherMs === undefined) break;
    if (otherMs < CLEARLY_FASTER * usualMs) chosen[kernel] = other;
  }
  return chosen;
}

/** A remembered choice, with the fallback where it names no variant there is; undefined where it is no choice at all. */
export function readChoice(remembered: unknown, fallback: VariantChoice): VariantChoice | undefined {
  if (typeof remembered !== 'object' || remembered === null) return undefined;
  const chosen: Record<VariedKernel, Variant> = { ...fallback };
  for (const kernel of VARIED_KERNELS) {
    const named: unknown = Reflect.get(remembered, kernel);
    const variant = VARIANTS.find((one) => one === named);
    if (variant !== undefined) chosen[kernel] = variant;
  }
  return chosen;
}

/** Remembers until the process ends. */
export function shortMemory(): VariantMemory {
  const choices = new Map<string, VariantChoice>();
  return {
    find: async (adapter) => choices.get(adapter),
    keep: async (adapter, choice) => {
      choices.set(adapter, choice);
    },
  };
}
