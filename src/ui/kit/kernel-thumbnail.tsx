import { useEffect, useRef } from 'react';
import { kernelImage, largestWeight } from '../../record/kernel-image.ts';

interface KernelThumbnailProps {
  /** [size, size, channels, filters]; drawn again when it is another array or `drawn` changes. */
  readonly kernel: Float32Array;
  readonly filters: number;
  readonly filter: number;
  readonly size: number;
  /** Weight shown in full; without, the filter's own largest. */
  readonly full?: number | undefined;
  readonly contrast?: number;
  /** Changes when the array's contents have. */
  readonly drawn?: number;
  readonly className?: string | undefined;
}

/** One filter, a canvas pixel a weight; CSS scales it. */
export function KernelThumbnail(props: KernelThumbnailProps) {
  const { kernel, filters, filter, size, full, contrast = 1, drawn = 0, className } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `drawn` represents the contents of `kernel`.
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const slice = { kernel, filters, filter };
    context.putImageData(kernelImage(slice, size, full ?? largestWeight(slice), contrast), 0, 0);
  }, [kernel, filters, filter, size, full, contrast, drawn]);
  return <canvas ref={canvas} width={size} height={size} className={className} />;
}
