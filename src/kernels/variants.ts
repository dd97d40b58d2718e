/*
 * Some kernels can share out their work in several ways that give the same numbers but for the order of their sums.
 * Which is faster depends on the adapter, so it is measured once and remembered: a resumed run must sum in the same
 * order.
 */

/** The kernels that come in variants. */
export const VARIED_KERNELS = ['convolution', 'filterGradient', 'product', 'rowMap', 'rowSum'] as const;
export type VariedKernel = (typeof VARIED_KERNELS)[number];

/** `few`: few invocations with much work each, as processors like it. `many`: many with little, for graphics cards. */
export type Variant = 'few' | 'many';

/** `shared`: many, and those of a workgroup load their common inputs once, into memory of their own. */
export type TiledVariant = Variant | 'shared';

/** The variant of every kernel that has some. A type and no interface, as it is kept and shown as a record of texts. */
export type VariantChoice = {
  readonly convolution: TiledVariant;
  readonly filterGradient: TiledVariant;
  readonly product: Variant;
  readonly rowMap: Variant;
  readonly rowSum: Variant;
};

const PLAIN: readonly Variant[] = ['few', 'many'];
const TILED: readonly TiledVariant[] = [...PLAIN, 'shared'];

/** All there are of each kernel. */
export const VARIANTS_OF: { readonly [Kernel in VariedKernel]: readonly VariantChoice[Kernel][] } = {
  convolution: TILED,
  filterGradient: TILED,
  product: PLAIN,
  rowMap: PLAIN,
  rowSum: PLAIN,
};

/** Where choices are kept from one start to the next, by adapter and version. */
export interface VariantMemory {
  find(adapter: string): Promise<unknown>;
  keep(adapter: string, choice: VariantChoice): Promise<void>;
}

/** How a backend comes to its variants. */
export interface KernelTuning {
  readonly memory: VariantMemory;
  /** Variants of a run that resumes, which replace the measured ones; kernels without an entry are as usual. */
  readonly fixed?: unknown;
}

export interface Measurement {
  /** The variant that is taken unless it is clearly slower, or cannot be measured. */
  readonly fallback: VariantChoice;
  /**
   * Milliseconds of a kernel in a variant; undefined where this adapter cannot be timed, or not before `until` on the
   * clock of `now`.
   */
  readonly time: (kernel: VariedKernel, variant: TiledVariant, until: number) => Promise<number | undefined>;
  /** No measurement starts later than this many milliseconds after the first. */
  readonly budgetMs: number;
  /** Milliseconds, as performance.now gives them. */
  readonly now: () => number;
}

/** Another variant must take less than this share of the fallback's time: readings of equal speeds scatter. */
const CLEARLY_FASTER = 0.85;

/** The same variant everywhere; `many` where there is no `shared`. */
export function everywhere(variant: TiledVariant): VariantChoice {
  const plain = variant === 'shared' ? 'many' : variant;
  return { convolution: variant, filterGradient: variant, product: plain, rowMap: plain, rowSum: plain };
}

/** Measures kernel by kernel, and stays with the fallback where that shows nothing. */
export async function chooseVariants({ fallback, time, budgetMs, now }: Measurement): Promise<VariantChoice> {
  const chosen: Record<VariedKernel, TiledVariant> = { ...fallback };
  const settled = () => readChoice(chosen, fallback) ?? fallback;
  const until = now() + budgetMs;
  for (const kernel of VARIED_KERNELS) {
    if (now() >= until) return settled();
    const usual = fallback[kernel];
    const usualMs = await time(kernel, usual, until);
    if (usualMs === undefined) return settled();
    let best = CLEARLY_FASTER * usualMs;
    for (const other of VARIANTS_OF[kernel]) {
      if (other === usual) continue;
      const ms = await time(kernel, other, until);
      if (ms === undefined) return settled();
      if (ms >= best) continue;
      best = ms;
      chosen[kernel] = other;
    }
  }
  return settled();
}

/**
 * A remembered choice, with the fallback where it names no variant there is; undefined where it is no choice at all.
 */
export function readChoice(remembered: unknown, fallback: VariantChoice): VariantChoice | undefined {
  if (typeof remembered !== 'object' || remembered === null) return undefined;
  const read = <Kernel extends VariedKernel>(kernel: Kernel): VariantChoice[Kernel] => {
    const named: unknown = Reflect.get(remembered, kernel);
    return VARIANTS_OF[kernel].find((one) => one === named) ?? fallback[kernel];
  };
  return {
    convolution: read('convolution'),
    filterGradient: read('filterGradient'),
    product: read('product'),
    rowMap: read('rowMap'),
    rowSum: read('rowSum'),
  };
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
