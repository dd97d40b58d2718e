import { expect, it } from 'vitest';
import { readFaceList } from './face-list.ts';

it.each([
  ['a box', 'NAME_ID,X,Y,W,H\n1.jpg,1,7,1,1\n2.jpg,2,8,2,2\n3.jpg,3,7,3,3\n'],
  ['a box, whose y alone comes again', 'image,x,y\n1.jpg,1,7\n2.jpg,2,8\n3.jpg,3,7\n'],
])('takes no people from the y of %s', (_, text) => {
  expect(readFaceList('loose_bb_train.csv', text)).toBeUndefined();
});

it('takes people from y beside the image x, and from a table with addresses on the web', () => {
  const people = [{ person: 'Ada' }, { person: 'Bo' }, { person: 'Ada' }];
  expect(readFaceList('train.csv', 'x,y\n1.jpg,Ada\n2.jpg,Bo\n3.jpg,Ada\n')).toMatchObject({ entries: people });
  const rows = ['Ada,1.jpg,1 2 3 4', 'Bo,2.jpg,5 6 7 8', 'Ada,3.jpg,9 1 2 3'];
  const text = `name,image,rect,url\n${rows.map((row, at) => `${row},https://a.b/${at}.jpg\n`).join('')}`;
  expect(readFaceList('IMDb-Face.csv', text)).toMatchObject({ entries: people });
});
