/*
 * Some kernels can share out their work in two ways that give the same numbers but for the order of their sums. The kind of
 * adapter settles which one runs; a resumed run sums in the order it began with.
 */

/** The kernels that come in variants. */
export const VARIED_KERNELS = ['convolution', 'filterGradient', 'product', 'rowMap', 'rowSum'] as const;
export type VariedKernel = (typeof VARIED_KERNELS)[number];

/** `few`: few invocations with much work each, as processors like it. `many`: many with little, for graphics cards. */
export const VARIANTS = ['few', 'many'] as const;
export type Variant = (typeof VARIANTS)[number];

/** The variant of every kernel that has some. A type and no interface, as it is kept and shown as a record of texts. */
export type VariantChoice = { readonly [Kernel in VariedKernel]: Variant };

/** The same variant everywhere. */
export function everywhere(variant: Variant): VariantChoice {
  return { convolution: variant, filterGradient: variant, product: variant, rowMap: variant, rowSum: variant };
}

/**
 * The variants that a saved run names, with the usual ones where it names none there is: older runs name `shared`, a variant that
 * is gone.
 */
export function savedVariants(saved: Readonly<Record<string, string>>, usual: VariantChoice): VariantChoice {
  const read = (kernel: VariedKernel) => VARIANTS.find((one) => one === saved[kernel]) ?? usual[kernel];
  return {
    convolution: read('convolution'),
    filterGradient: read('filterGradient'),
    product: read('product'),
    rowMap: read('rowMap'),
    rowSum: read('rowSum'),
  };
}
