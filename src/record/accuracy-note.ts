import { repeatedText } from '../verification/repeated-pairs.ts';

/** A sentence about the accuracy of a run, with its title. */
export interface AccuracyNote {
  readonly title: string;
  readonly text: string;
}

/** The note of a run at its start where it has no held-out pairs, or repeats some; undefined where they are as they should be. */
export function accuracyNote(data: {
  readonly identities: number;
  readonly pairs: number;
  readonly distinct?: number;
}): AccuracyNote | undefined {
  if (data.pairs > 0) {
    if (data.distinct === undefined) return undefined;
    return {
      title: 'Few photos are held out',
      text: repeatedText('The held-out photos', data.distinct, data.pairs),
    };
  }
  const reason =
    data.identities < 4
      ? 'with fewer than 4 people nobody can be held out'
      : 'nobody who is held out has two photos, so there are no pairs to verify';
  return {
    title: 'Nothing can be held out and verified',
    text: `Accuracy is not measured in this run: ${reason}. Training uses the faces all the same.`,
  };
}
