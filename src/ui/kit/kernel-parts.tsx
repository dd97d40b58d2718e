import { useEffect, useRef } from 'react';
import {
  KERNEL_PARTS,
  type KernelPart,
  type KernelSlice,
  kernelPartPixels,
  largestWeight,
} from '../../record/kernel-image.ts';
import styles from './kernel-parts.module.css';

interface KernelPartsProps extends KernelSlice {
  /** Width of the kernel in weights; it has three channels. */
  readonly size: number;
  /** Changes when the kernel's contents have. */
  readonly drawn: number;
}

/** A filter as the paper draws it: the deviation over its colours, and each colour, in grey. */
export function KernelParts(props: KernelPartsProps) {
  return (
    <span className={styles.parts} data-testid="kernel-parts">
      {KERNEL_PARTS.map((part) => (
        <span key={part} className={styles.part}>
          <Part {...props} part={part} />
          {part}
        </span>
      ))}
    </span>
  );
}

function Part({ kernel, filters, filter, size, drawn, part }: KernelPartsProps & { readonly part: KernelPart }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `drawn` represents the contents of `kernel`.
  useEffect(() => {
    const slice = { kernel, filters, filter };
    const pixels = kernelPartPixels(slice, size, largestWeight(slice), part);
    canvas.current?.getContext('2d')?.putImageData(new ImageData(pixels, size, size), 0, 0);
  }, [kernel, filters, filter, size, drawn, part]);
  return <canvas ref={canvas} width={size} height={size} />;
}
