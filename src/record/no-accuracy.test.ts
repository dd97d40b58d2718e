import { expect, it } from 'vitest';
import { noAccuracyText } from './no-accuracy.ts';

it.each([
  [{ identities: 8, pairs: 60 }, undefined],
  [{ identities: 8, pairs: 0 }, 'nobody who is held out has two photos'],
  [{ identities: 3, pairs: 0 }, 'fewer than 4 people'],
])('%o: %s', (data, words) => {
  const text = noAccuracyText(data);
  if (words === undefined) expect(text).toBeUndefined();
  else expect(text).toContain(words);
});
