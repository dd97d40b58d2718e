import { benchmarkNamed } from '../verification/benchmark-names.ts';

/** A test besides the held-out pairs. */
export interface Evaluation {
  /** As tables and results.csv name it; any but `heldout`. */
  readonly name: string;
  /** `synthetic:lfw` and its like, or the path of a file or folder as it was given. */
  readonly data: string;
}

const DRAWN = 'synthetic:';

/** Which benchmark is drawn for an evaluation, "lfw" of `synthetic:lfw`; undefined where it is of a file. */
export function drawnBenchmark({ data }: Pick<Evaluation, 'data'>): string | undefined {
  return data.startsWith(DRAWN) ? data.slice(DRAWN.length) : undefined;
}

/** The evaluation on a file, a folder or a drawn benchmark: its name in tables, and the file's name without folders. */
export function evaluationOf(path: string): Evaluation {
  const drawn = drawnBenchmark({ data: path });
  const data = drawn === undefined ? fileName(path) : path;
  const title = benchmarkNamed(data)?.title;
  if (drawn !== undefined) return { name: `Drawn ${title ?? drawn}`, data };
  return { name: title === undefined ? data : `${title} (${data})`, data };
}

/** A path's last part. */
export function fileName(path: string): string {
  return (
    path
      .replace(/[\\/]+$/, '')
      .split(/[\\/]/)
      .at(-1) ?? path
  );
}

/** The evaluation that a person calls `primary`, by its name or its file; the text itself where there is none. */
export function primaryNamed(primary: string, evaluations: readonly Evaluation[]): string {
  return evaluations.find(({ name, data }) => primary === name || primary === data)?.name ?? primary;
}
