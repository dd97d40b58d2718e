import { useEffect, useRef } from 'react';
import type { ResponseMaps } from '../../craft/response.ts';
import { largestResponse, responseBytes } from '../../record/response-image.ts';
import type { ResponseScale } from '../state/view-store.ts';

interface ResponseThumbnailProps {
  readonly maps: ResponseMaps;
  readonly filter: number;
  readonly scale?: ResponseScale | undefined;
  /** Response shown as white; without, as `scale` says. */
  readonly full?: number | undefined;
  readonly className?: string | undefined;
  readonly testId?: string;
}

/** The response of one filter in grey, a canvas pixel a value; CSS scales it. */
export function ResponseThumbnail(props: ResponseThumbnailProps) {
  const { maps, filter, scale = 'fixed', full: white, className, testId } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { side } = maps;
  useEffect(() => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    const full = scale === 'per-filter' ? largestResponse(maps, filter) : white;
    const grey = responseBytes(maps, filter, full);
    const picture = new ImageData(side, side);
    for (const [at, value] of grey.entries()) picture.data.set([value, value, value, 255], at * 4);
    context.putImageData(picture, 0, 0);
  }, [maps, filter, scale, white, side]);
  return <canvas ref={canvas} width={side} height={side} className={className} data-testid={testId} />;
}
