import { ProblemError } from '../config/problem.ts';

type StudyProblemCode = 'bad-plan' | 'not-a-study' | 'bad-results' | 'other-study';

/** A study that cannot be planned, read or joined, in a sentence, and what to do. */
export class StudyProblem extends ProblemError<StudyProblemCode> {
  override readonly name = 'StudyProblem';
}
