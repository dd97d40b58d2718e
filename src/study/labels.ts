import { STANDARD } from '../config/arm.ts';
import type { Outcome } from './results.ts';
import { benchmarkLabel } from './verdict.ts';

/** The name of an outcome in tables. */
export function outcomeLabel({ measure, benchmark }: Outcome): string {
  switch (measure) {
    case 'accuracy':
      return `accuracy, ${benchmarkLabel(benchmark)}`;
    case 'tar':
      return `true-accept rate, ${benchmark}`;
    default:
      return measure.replaceAll('_', ' ');
  }
}

/** The name of a condition in tables. */
export function conditionLabel(name: string): string {
  if (name === STANDARD.name) return 'Standard';
  return name === 'craft' ? 'CRAFT' : name;
}
