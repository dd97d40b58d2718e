import { ProblemError } from '../config/problem.ts';

export type StudyProblemCode = 'bad-plan' | 'not-a-study' | 'bad-results' | 'other-study';

/** A study that cannot be planned, read or joined, with the cause and the remedy in sentences. */
export class StudyProblem extends ProblemError<StudyProblemCode> {
  override readonly name = 'StudyProblem';
}
