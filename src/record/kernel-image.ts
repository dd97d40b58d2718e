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

/** The same as a picture for a canvas. */
export function kernelImage(slice: KernelSlice, size: number, full: number, contrast = 1): ImageData {
  return new ImageData(kernelPixels(slice, size, full, contrast), size, size);
}
