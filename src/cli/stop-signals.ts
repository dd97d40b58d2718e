import { log } from './terminal.ts';

/** The signals that ask a process to end: from Ctrl-C, a process manager, a terminal that is closed. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

type StopSignal = keyof typeof SIGNALS;

/** For so long, in milliseconds, further signals are the same key: npm repeats each one that it gets itself. */
const REPEATED = 500;

/**
 * Calls `stop` at the first signal that asks the process to end, and sets the exit code that shells expect after it.
 * From then on a further one ends the process immediately, as it does without this; stderr says when.
 * Returns how to listen no more.
 */
export function onStopSignal(stop: (signal: StopSignal) => void): () => void {
  let stopped = false;
  const listen = (signal: StopSignal) => {
    if (stopped) return;
    stopped = true;
    process.exitCode = SIGNALS[signal];
    stop(signal);
    // A long step may have blocked the thread all that time: its signals are heard before the timer's immediate. The
    // immediate is not unref'd: one that is waits, in a process at rest, until something else wakes it.
    setTimeout(() => setImmediate(endAtTheNext), REPEATED).unref();
  };
  const endAtTheNext = () => {
    forget();
    log('\nStopping after this step. Ctrl-C again ends immediately, without saving.');
  };
  const names = Object.keys(SIGNALS).filter((name): name is StopSignal => name in SIGNALS);
  const forget = () => {
    for (const name of names) process.off(name, listen);
  };
  for (const name of names) process.on(name, listen);
  return forget;
}
