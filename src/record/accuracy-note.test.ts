import { expect, it } from 'vitest';
import { accuracyNote } from './accuracy-note.ts';

it.each([
  [{ identities: 8, pairs: 60 }, undefined],
  [{ identities: 8, pairs: 0 }, 'nobody who is held out has two photos'],
  [{ identities: 3, pairs: 0 }, 'fewer than 4 people'],
  [
    { identities: 8, pairs: 20, distinct: 14 },
    'The held-out photos make no more than 14 different pairs, so that some of the 20 are repeated: the accuracy says little.',
  ],
])('%o: %s', (data, words) => {
  const text = accuracyNote(data)?.text;
  if (words === undefined) expect(text).toBeUndefined();
  else expect(text).toContain(words);
});
