/** Calls `action` immediately, then at most once in `interval` milliseconds, the last call never lost. */
export function throttle(action: () => void, interval: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (timer !== undefined) return;
    const wait = last + interval - performance.now();
    const act = () => {
      timer = undefined;
      last = performance.now();
      action();
    };
    if (wait <= 0) act();
    else timer = setTimeout(act, wait);
  };
}
