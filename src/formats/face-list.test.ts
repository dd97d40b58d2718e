import { expect, it } from 'vitest';
import { readFaceList } from './face-list.ts';

const lfw = (person: string, number: number) => ({ person, number });

it.each([
  ['LFW', 'pairs.txt', '1\t1\r\nAda\t1\t4\r\nAda\t2\tBo\t3\r\n', { fold: 1 }],
  ['LFW with the line ends of old Macs', 'pairs.txt', '1 1\rAda 1 4\rAda 2 Bo 3\r', { fold: 1 }],
  ['LFW, one set', 'pairsDevTest.txt', '1\nAda\t1\t4\nAda\t2\tBo\t3\n', {}],
  ['LFW as .csv', 'pairs.csv', 'name,imagenum1,imagenum2,\nAda,1,4,\nAda,2,Bo,3\n', {}],
  ['LFW without a first line', 'pairs.txt', 'Ada 1 4\nAda 2 Bo 3', {}],
  ['LFW with spaces in its first line alone', 'pairs.txt', '1 1\nAda\t0001\t0004\nAda\t0002\tBo\t0003\n', { fold: 1 }],
])('%s: persons and numbers', (_, name, text, fold) => {
  expect(readFaceList(name, text)).toEqual({
    kind: 'pairs',
    pairs: [
      { left: lfw('Ada', 1), right: lfw('Ada', 4), same: true, ...fold },
      { left: lfw('Ada', 2), right: lfw('Bo', 3), same: false, ...fold },
    ],
  });
});

it('finds the ten folds of LFW without its first line', () => {
  const lines = Array.from({ length: 40 }, (_, at) => (Math.floor(at / 2) % 2 === 0 ? 'Ada 1 4' : 'Ada 2 Bo 3'));
  const folds = (text: string) => {
    const list = readFaceList('pairs.csv', text);
    return list?.kind === 'pairs' ? list.pairs.map(({ fold }) => fold) : [];
  };
  expect(folds(lines.join('\n'))).toEqual(lines.map((_, at) => 1 + Math.floor(at / 4)));
  expect(folds(lines.reverse().join('\n'))).toEqual(lines.map(() => undefined));
});

it.each([
  ['paths and an answer', 'a/1.jpg b/2.jpg 0\na/1.jpg a/2.jpg 1', []],
  ['an answer of -1', '-1\ta/1.jpg\tb/2.jpg\n1\ta/1.jpg\ta/2.jpg', []],
  ['a table of pairs', 'id,file1,file2,issame\n0,a/1.jpg,b/2.jpg,False\n1,a/1.jpg,a/2.jpg,True\n', []],
  ['CALFW and CPLFW', 'a/1.jpg 0\nb/2.jpg 0\na/1.jpg 7\na/2.jpg 7\n', [undefined, 7]],
  ['CALFW and CPLFW, the number first', '0 a/1.jpg\n0 b/2.jpg\n7 a/1.jpg\n7 a/2.jpg\n', [undefined, 7]],
  ['CALFW and CPLFW, 1 for all same pairs', 'a/1.jpg 0\nb/2.jpg 0\na/1.jpg 1\na/2.jpg 1\n', []],
  ['an answer before the fold', 'img1,img2,same,fold\na/1.jpg,b/2.jpg,0,1\na/1.jpg,a/2.jpg,1,0\n', [1, 0]],
  ['a split that is no number', 'img1,img2,same,split\na/1.jpg,b/2.jpg,0,test\na/1.jpg,a/2.jpg,1,test\n', []],
  ['named folds', 'img1,img2,same,fold\na/1.jpg,b/2.jpg,0,fold_1\na/1.jpg,a/2.jpg,1,fold_2\n', [1, 2]],
  ['answers of one letter', 'img1,img2,issame\na/1.jpg,b/2.jpg,N\na/1.jpg,a/2.jpg,Y\n', []],
  ['bars', 'img1|img2|issame\na/1.jpg|b/2.jpg|0\na/1.jpg|a/2.jpg|1\n', []],
  ['a column that asks for different people', 'img1,img2,is_different\na/1.jpg,b/2.jpg,1\na/1.jpg,a/2.jpg,0\n', []],
  ['mismatch', 'img1,img2,mismatch\na/1.jpg,b/2.jpg,True\na/1.jpg,a/2.jpg,False\n', []],
  ['not_same, in words', 'img1,img2,not_same\na/1.jpg,b/2.jpg,different\na/1.jpg,a/2.jpg,same\n', []],
  ['same_gender before it', 'img1,img2,same_gender,same_person\na/1.jpg,b/2.jpg,1,0\na/1.jpg,a/2.jpg,1,1\n', []],
  ['a gender behind it', 'img1,img2,verdict,gender\na/1.jpg,b/2.jpg,0,1\na/1.jpg,a/2.jpg,1,1\n', []],
  ['semicolons', '\uFEFFimg1;img2;match\r\na/1.jpg;b/2.jpg;no\r\na/1.jpg;a/2.jpg;yes\r\n', []],
] as const)('%s', (_, text, [first, second]) => {
  expect(readFaceList('pairs_x.txt', text)).toEqual({
    kind: 'pairs',
    pairs: [
      { left: 'a/1.jpg', right: 'b/2.jpg', same: false, fold: first },
      { left: 'a/1.jpg', right: 'a/2.jpg', same: true, fold: second },
    ],
  });
});

it.each([
  ...['same', 'is_same_person', 'match', 'Genuine pair', 'mated', 'intra_class', 'label', 'target', 'y', '', '2'],
  ...['# file1 file2 same', '# x\n# file1 file2 label'],
])('a yes below %j is one person', (name) => {
  expect(answersBelow(name)).toEqual([true, false]);
});

it.each([
  ...[
    'different',
    'is_diff',
    'unmatched',
    'different_identity_flag',
    'impostor_trial',
    'nonmated',
    'non_mate',
    'not same',
  ],
  ...['inter', 'inter_class', 'other_person', 'two_people', 'negative_pair', '# file1 file2 different'],
])('a yes below %j is two people', (name) => {
  expect(answersBelow(name)).toEqual([false, true]);
});

it.each(['masked', 'hard', 'occluded', 'is_fake', 'g1', 'kin', 'unrelated', 'distinct', 'not_different', 'prediction'])(
  'a column %j says nothing of people',
  (name) => {
    expect(answersBelow(name)).toContain(`one person: "${name}" is not read; name that column "same", "match"`);
  },
);

/** The answers to a pair with 1 and one with 0 below a name, or the problem. */
function answersBelow(name: string) {
  const text = name.startsWith('#')
    ? `${name}\na.jpg b.jpg 1\na.jpg c.jpg 0\n`
    : `file1,file2,${name}\na.jpg,b.jpg,1\na.jpg,c.jpg,0\n`;
  const list = readFaceList('list.csv', text);
  if (list?.kind === 'contradiction') return list.problem;
  return list?.kind === 'pairs' ? list.pairs.map(({ same }) => same) : [];
}

it('a line number without a name, as R writes it, moves no name', () => {
  expect(readFaceList('p.txt', 'file1 file2 different\n1 a.jpg b.jpg 1\n2 a.jpg c.jpg 0\n')).toMatchObject({
    pairs: [{ same: false }, { same: true }],
  });
});

it.each([
  ['same person', 'different person'],
  ['same_person', 'diff_person'],
  ['mated', 'non-mated'],
  ['Same', 'Not same'],
  ['match', 'non-match'],
  ['matched', 'unmatched'],
  ['intra', 'extra'],
])('answers %j and %j are pairs', (yes, no) => {
  expect(readFaceList('p.csv', `file1,file2,label\na.jpg,b.jpg,${yes}\na.jpg,c.jpg,${no}\n`)).toMatchObject({
    pairs: [{ same: true }, { same: false }],
  });
});

it.each([
  ['S', 'D'],
  ['kin', 'non-kin'],
  ['ja', 'nein'],
  ['P', 'N'],
  ['+', '-'],
])('answers %j and %j are named as not read', (yes, no) => {
  const problem = expect.stringContaining(`its answers "${yes}" and "${no}" are not read; 1 and 0, true and false`);
  for (const text of [`file1,file2,label\n`, '']) {
    const lines = `${text}a.jpg,b.jpg,${yes}\na.jpg,c.jpg,${no}\n`;
    expect(readFaceList('p.csv', lines)).toEqual({ kind: 'contradiction', problem });
  }
});

it('images without endings are pairs, and never a table of the people 0 and 1', () => {
  const text = 'img1,img2,label\na1,A2,1\na1,a3,0\n';
  expect(readFaceList('p.csv', text, undefined, new Set(['a1', 'a2', 'a3']))).toEqual({
    kind: 'pairs',
    pairs: [
      { left: 'a1', right: 'A2', same: true },
      { left: 'a1', right: 'a3', same: false },
    ],
  });
  const numbers = 'img1,img2,label\n7,8,1\n7,9,0\n';
  expect(readFaceList('p.csv', numbers, undefined, new Set(['7', '8', '9']))).toBeUndefined();
  const labels = 'id,age,label\n7,8,1\n8,9,0\n';
  expect(readFaceList('p.csv', labels, undefined, new Set(['7', '8', '9']))).toMatchObject({ kind: 'labels' });
});

it('an image with two labels makes a list of labels no list of pairs', () => {
  const text = '1.jpg 100\n2.jpg 100\n3.jpg 101\n1.jpg 101\n';
  expect(readFaceList('identity_CelebA.txt', text)).toMatchObject({ kind: 'labels', entries: { length: 4 } });
  expect(readFaceList('list.txt', 'a/1.jpg 0\nb/2.jpg 0\na/1.jpg 7\na/2.jpg 7\n')).toMatchObject({ kind: 'pairs' });
});

it.each([
  ['identity_CelebA.txt', '000001.jpg 2880\n000002.jpg 2937\n000003.jpg 2880'],
  ['labels.csv', '\uFEFFid,label\n000001.jpg,2880\n000002.jpg,2937\n000003.jpg,2880'],
  [
    'labels.csv with other columns',
    'split,img,identity,age\nx,000001.jpg,2880,3\nx,000002.jpg,2937,3\ny,000003.jpg,2880,4',
  ],
  ['faces.lst', '0\t2880\t000001.jpg\n1\t2937\t000002.jpg\n2\t2880\t000003.jpg'],
  ['labels before images', '2880 000001.jpg\n2937 000002.jpg\n2880 000003.jpg'],
  ['another name of the column', 'file;Gender;Person ID\n000001.jpg;f;2880\n000002.jpg;m;2937\n000003.jpg;f;2880'],
  ['names of files beside', 'name,file,label\na,000001.jpg,2880\nb,000002.jpg,2937\nc,000003.jpg,2880'],
  ['an id for each person', 'split,id,image\nx,2880,000001.jpg\nx,2937,000002.jpg\ny,2880,000003.jpg'],
  ['labels of MXNet', '0\t2880.000000\t000001.jpg\n1\t2937.000000\t000002.jpg\n2\t2880.000000\t000003.jpg'],
  ['InsightFace .lst', '1\t000001.jpg\t2880\n1\t000002.jpg\t2937\n1\t000003.jpg\t2880'],
])('labels: %s', (name, text) => {
  expect(readFaceList(name, text)).toEqual({
    kind: 'labels',
    entries: [
      { image: '000001.jpg', person: '2880' },
      { image: '000002.jpg', person: '2937' },
      { image: '000003.jpg', person: '2880' },
    ],
  });
});

it.each([
  ['quotes', 'file,name\n1.jpg,"Example, Ada"\n2.jpg,"Example, Bo"\n3.jpg,"Example, Ada"'],
  ['semicolons', '1.jpg;Example, Ada\n2.jpg;Example, Bo\n3.jpg;Example, Ada'],
])('takes names with commas: %s', (_, text) => {
  expect(readFaceList('people.csv', text)).toEqual({
    kind: 'labels',
    entries: [
      { image: '1.jpg', person: 'Example, Ada' },
      { image: '2.jpg', person: 'Example, Bo' },
      { image: '3.jpg', person: 'Example, Ada' },
    ],
  });
});

it('takes images without their endings where these are known', () => {
  const text = 'label,id\n7,A1\n8,a2\n7,a3\n';
  expect(readFaceList('people.csv', text)).toBeUndefined();
  expect(readFaceList('people.csv', text, undefined, new Set(['a1', 'a2', 'a3']))).toEqual({
    kind: 'labels',
    entries: [
      { image: 'A1', person: '7' },
      { image: 'a2', person: '8' },
      { image: 'a3', person: '7' },
    ],
  });
});

it("reads CFP's numbered lists", () => {
  expect(readFaceList('Pair_list_F.txt', '1 ../a/01.jpg\n2 ../a/02.jpg\n')).toEqual({
    kind: 'numbered-images',
    images: new Map([
      [1, '../a/01.jpg'],
      [2, '../a/02.jpg'],
    ]),
  });
  expect(readFaceList('same.txt', '1,10\n3,4\n')).toEqual({
    kind: 'numbered-pairs',
    pairs: [
      [1, 10],
      [3, 4],
    ],
  });
});

it.each([
  ['2\t1\nAda\t1\t4\nAda\t2\tBo\t3\n', 'its first line says 2 folds of 1 + 1 pairs, and 2 follow'],
  ['1\t1\nAda\t1\t4\nnonsense\n', 'line 3 is not a person'],
  ['a/1.jpg b/2.jpg 0\na/1.jpg 1', 'line 2 is not two images'],
  ['A b/A b 1.jpg C/2.jpg 0\n', 'line 1 has a name with a space: names need tabs or commas between them'],
  ['a.jpg 0\nb.jpg 0\na.jpg 1\n', 'lines 3 and 4 are a pair'],
  ['one,two,same_gender\na.jpg,b.jpg,0\na.jpg,c.jpg,1\n', 'no column says whether a pair shows one person'],
  ['one,two,distance\na.jpg,b.jpg,0\na.jpg,c.jpg,1\n', 'no column says whether a pair shows one person'],
  ['one,two,first,second\na.jpg,b.jpg,0,1\na.jpg,c.jpg,1,0\n', 'one person: "first", "second" are not read; name'],
  ['one,two,same,match\na.jpg,b.jpg,0,1\na.jpg,c.jpg,1,0\n', 'the columns "same" and "match" could both say'],
  ['a.jpg,b.jpg,0,1\na.jpg,c.jpg,1,0\n', 'the columns 3 and 4 could both say'],
  [
    '# file one, file two, different\na.jpg b.jpg 1\na.jpg c.jpg 0\n',
    'its first line has 5 words, and the lines below have 3',
  ],
])('names the fault of a list: %j', (text, problem) => {
  expect(readFaceList('pairs.txt', text)).toEqual({ kind: 'contradiction', problem: expect.stringContaining(problem) });
});

it.each([
  ['list_eval_partition.txt', '1.jpg 0\n2.jpg 1\n3.jpg 0\n'],
  ['list_eval_partition.csv', 'image_id,partition\n1.jpg,0\n2.jpg,1\n3.jpg,0\n'],
  ['all.csv', 'image,gender\n1.jpg,f\n2.jpg,m\n3.jpg,f\n'],
  ['gender.csv', 'image,label\n1.jpg,f\n2.jpg,m\n3.jpg,f\n'],
  ['all.csv', 'file,split\n1.jpg,train\n2.jpg,val\n3.jpg,train\n'],
  ['face_quality.txt', '1.jpg 3\n2.jpg 4\n3.jpg 3\n'],
  ['list.txt', '1.jpg 0.37\n2.jpg 0.9\n3.jpg 1.0\n'],
  ['sample_submission.csv', 'id,label\n1.jpg,0\n2.jpg,0\n3.jpg,0\n'],
])('takes no people from %s: %j', (name, text) => {
  expect(readFaceList(name, text)).toBeUndefined();
});

it.each([
  ...['camera', 'yaw', 'glasses', 'hair_color', 'smiling', 'width', 'birth_year', 'nationality', 'blur', 'timestamp'],
  ...['source', 'license', 'country', 'occlusion', 'caption', 'ethnic_group', 'skin_tone', 'lighting', 'weather'],
])('takes no people from a column %j', (name) => {
  expect(readFaceList('all.csv', `file,${name}\n1.jpg,3\n2.jpg,4\n3.jpg,3\n`)).toBeUndefined();
  expect(readFaceList('all.csv', `file,size,${name}\n1.jpg,5,3\n2.jpg,6,4\n3.jpg,7,3\n`)).toBeUndefined();
});

it.each(['cluster', 'Category', 'speaker_id', 'Nombre', 'subject no.', 'id', 'id_num', '', '1'])(
  'takes people from a column %j',
  (name) => {
    const list = readFaceList('all.csv', `file,${name}\n1.jpg,3\n2.jpg,4\n3.jpg,3\n`);
    expect(list).toMatchObject({ kind: 'labels', entries: { length: 3 } });
  },
);

it.each([
  ['gender.csv', 'image,person,gender\n1.jpg,Ada,f\n2.jpg,Bo,m\n'],
  ['AgeDB_labels.txt', '1.jpg Ada\n2.jpg Bo\n'],
  ['two images a person', 'image,original,identity\n1.jpg,x/1.png,Ada\n2.jpg,x/2.png,Bo\n'],
  ['some unknown', 'file,label\n1.jpg,Ada\n3.jpg,-1\n4.jpg,\n5.jpg,nan\n2.jpg,Bo\n'],
])('takes people from %s beside other columns: %j', (name, text) => {
  expect(readFaceList(name, text)).toMatchObject({ entries: [{ person: 'Ada' }, { person: 'Bo' }] });
});

it.each([
  '',
  'Images of people.\nThank you for your interest.',
  'name,images\nAda,4\nBo,2',
  '{"a": 1}',
  '1,2,3\n4,5,6',
])('takes no list from %j', (text) => {
  expect(readFaceList('readme.txt', text)).toBeUndefined();
});
