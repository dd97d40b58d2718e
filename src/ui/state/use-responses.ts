import { useEffect, useRef, useState } from 'react';
import { type ResponseMaps, type SeenFace, tileResponses } from '../../craft/response.ts';

interface Computed {
  readonly face: SeenFace;
  readonly maps: ResponseMaps;
}

/**
 * The responses of a first layer, computed when the page has nothing else to do; those before stay until the new ones are
 * there, unless they are of another face. Undefined without a kernel, its channels or a face. The kernel is another array
 * whenever its contents are.
 */
export function useResponses(
  kernel: Float32Array | undefined,
  channels: Float32Array | undefined,
  size: number,
  face: SeenFace | undefined,
): ResponseMaps | undefined {
  const [computed, setComputed] = useState<Computed | undefined>(undefined);
  const compute = useRef<(() => void) | undefined>(undefined);
  const giveUp = useRef<(() => void) | undefined>(undefined);
  useEffect(() => {
    compute.current = () => {
      if (kernel === undefined || channels === undefined || face === undefined) return;
      if (kernel.length !== size * size * channels.length) return;
      const shape = [size, size, 3, channels.length / 3] as const;
      setComputed({ face, maps: tileResponses(face, { kernel, shape, channels }) });
    };
    // Kernels that come fast never put off the computing: it takes the newest.
    giveUp.current ??= whenIdle(() => {
      giveUp.current = undefined;
      compute.current?.();
    });
  }, [kernel, channels, size, face]);
  useEffect(
    () => () => {
      giveUp.current?.();
      giveUp.current = undefined;
    },
    [],
  );
  if (computed === undefined || channels === undefined || computed.face !== face) return undefined;
  const { maps } = computed;
  return maps.values.length === (channels.length / 3) * maps.side ** 2 ? maps : undefined;
}

/** A page in the background, or a busy one, gets its turn within so many milliseconds. */
const LATEST = 200;

/** Calls `task` once the browser is idle; the result takes the wish back. */
function whenIdle(task: () => void): () => void {
  // Safari has no idle callbacks.
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(task, 0);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(task, { timeout: LATEST });
  return () => cancelIdleCallback(handle);
}
