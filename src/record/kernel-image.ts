/** Which of a kernel's filters, and how the kernel lies in memory: [size, size, channels, filters]. */
export interface KernelSlice {
  readonly kernel: Float32Array;
  readonly filters: number;
  readonly filter: number;
}

/** Largest weight of a filter, in size. */
export function largestWeight({ kernel, filters, filter }: KernelSlice): number {
  let largest = 0;
  for (let index = filter; index < kernel.length; index += filters) {
    largest = Math.max(largest, Math.abs(kernel[index] ?? 0));
  }
  return largest;
}

/**
 * A filter as [size, size] RGBA: zero is mid grey, `full` (in size) black or white; channels beyond three
 * are left out, fewer are shown in grey.
 * @param contrast 1 shows `full` in full, less pulls everything towards grey
 */
export function kernelPixels(
  slice: KernelSlice,
  size: number,
  full: number,
  contrast = 1,
): Uint8ClampedArray<ArrayBuffer> {
  const { kernel, filters, filter } = slice;
  const channels = kernel.length / (size * size * filters);
  const pixels = new Uint8ClampedArray(size * size * 4);
  for (let pixel = 0; pixel < size * size; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      const channel = channels >= 3 ? colour : 0;
      const weight = kernel[(pixel * channels + channel) * filters + filter] ?? 0;
      const share = full > 0 ? Math.max(-1, Math.min(1, weight / full)) : 0;
      pixels[pixel * 4 + colour] = 127.5 + 127.5 * share * contrast;
    }
    pixels[pixel * 4 + 3] = 255;
  }
  return pixels;
}

/** How the paper draws a filter: the deviation over its colours, and each colour alone, in grey. */
export const KERNEL_PARTS = ['σ', 'R', 'G', 'B'] as const;
export type KernelPart = (typeof KERNEL_PARTS)[number];

/**
 * One part of a filter of three channels as [size, size] RGBA grey. A colour: zero is mid grey, `full` (in size) black or
 * white. σ, the population deviation over the three colours: 0 is black, half of `full` white.
 */
export function kernelPartPixels(
  { kernel, filters, filter }: KernelSlice,
  size: number,
  full: number,
  part: KernelPart,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const colours = [0, 1, 2].map((channel) => kernel[(pixel * 3 + channel) * filters + filter] ?? 0);
    const grey = full > 0 ? greyOf(colours, part, full) : part === 'σ' ? 0 : 127.5;
    pixels.fill(grey, pixel * 4, pixel * 4 + 3);
  }
  return pixels;
}

function greyOf(colours: readonly number[], part: KernelPart, full: number): number {
  if (part !== 'σ') return 127.5 + 127.5 * ((colours['RGB'.indexOf(part)] ?? 0) / full);
  const mean = colours.reduce((sum, value) => sum + value, 0) / colours.length;
  const variance = colours.reduce((sum, value) => sum + (value - mean) ** 2, 0) / colours.length;
  return (255 * Math.sqrt(variance)) / (0.5 * full);
}

/** A whole filter as a picture for a canvas. */
export function kernelImage(slice: KernelSlice, size: number, full: number, contrast = 1): ImageData {
  return new ImageData(kernelPixels(slice, size, full, contrast), size, size);
}
