import { drawnBenchmark } from '../../study/evaluation.ts';
import type { StudyPlan } from '../../study/plan.ts';

/** The command that trains a plan's study.json in Node, with the places of the faces and the files that are not in it. */
export function nodeCommand({ config, evaluations }: Pick<StudyPlan, 'config' | 'evaluations'>): string {
  const files = evaluations
    .filter((one) => drawnBenchmark(one) === undefined)
    .map(({ data }) => `--data ${quoted(data)}`);
  const faces = config.faces === 'own' ? ['--faces PATH'] : [];
  return ['npm run study -- study.json', ...faces, ...files, '--out results'].join(' ');
}

/** A name as a shell takes it for one word. */
function quoted(name: string): string {
  return /^[\w.,+][\w.,+-]*$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
