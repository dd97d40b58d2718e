/**
 * Lets messages and timers be handled before the next step. A microtask would not do: on WebAssembly a step never
 * leaves the thread, so that a pause would never arrive. Not a timer: browsers slow timers of hidden tabs down.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
