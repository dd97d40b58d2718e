import { useEffect, useRef } from 'react';
import type { DrawnPicture } from '../../worker/gallery/protocol.ts';

interface PictureProps {
  readonly picture: DrawnPicture | undefined;
  /** Width and height while there is nothing to show. */
  readonly size: number;
  readonly className?: string | undefined;
  readonly testId?: string;
  /** A description of the picture; without, screen readers skip it. */
  readonly label?: string;
}

/** Pixels come from the worker one by one: kept in memory, they need not travel to the graphics card each on its own. */
const IN_MEMORY: CanvasRenderingContext2DSettings = { willReadFrequently: true };

/** A drawn face on a canvas of its own size; CSS says how large it is shown. */
export function Picture({ picture, size, className, testId, label }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const side = picture?.size ?? size;
  useEffect(() => {
    const context = canvas.current?.getContext('2d', IN_MEMORY);
    if (context && picture) context.putImageData(new ImageData(picture.pixels, picture.size), 0, 0);
  }, [picture]);
  return (
    <canvas
      ref={canvas}
      width={side}
      height={side}
      className={className}
      data-testid={testId}
      data-drawn={picture !== undefined || undefined}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  );
}
