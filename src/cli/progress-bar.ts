import { SingleBar } from 'cli-progress';

/**
 * Shows on a terminal how many of `total` are done while `work` runs; `unit` names them: "photos". The bar ends with the
 * work, also where that fails: its timer would keep the process alive.
 */
export async function withProgressBar<Result>(
  unit: string,
  total: number,
  work: (show: (done: number) => void) => Promise<Result>,
): Promise<Result> {
  const bar = new SingleBar({ format: `{bar} {value}/{total} ${unit}`, stream: process.stderr, linewrap: true });
  bar.start(total, 0);
  try {
    return await work((done) => bar.update(done));
  } finally {
    bar.stop();
  }
}
