/** The note of a run at its start where it has no held-out pairs; undefined where it has some. */
export function noAccuracyText(data: { readonly identities: number; readonly pairs: number }): string | undefined {
  if (data.pairs > 0) return undefined;
  const reason =
    data.identities < 4
      ? 'with fewer than 4 people nobody can be held out'
      : 'nobody who is held out has two photos, so there are no pairs to verify';
  return `Accuracy is not measured in this run: ${reason}. Training uses the faces all the same.`;
}
