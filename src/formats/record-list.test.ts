import { describe, expect, test } from 'vitest';
import { readRecordList } from './record-list.ts';
import { bytesOf } from './testing/pickles.ts';

describe('a .lst file', () => {
  test('gives key and first label of each line, in the order of the file', () => {
    const list = readRecordList(bytesOf('4\t1.000000\twoman/a.jpg\r\n0\t0\tman/b c.jpg\n7\t3\t1\tx.jpg\n'));
    expect([...list.keys]).toEqual([4, 0, 7]);
    expect([...list.labels]).toEqual([1, 0, 3]);
  });

  test.each([
    ['wrong-format', '1\t2\n'],
    ['wrong-format', '0\t1\ta.jpg\nx\t2\tb.jpg\n'],
    ['wrong-format', '0\tman\ta.jpg\n'],
    ['empty-file', '\n\n'],
  ])('is refused with %s: %j', (code, text) => {
    expect(() => readRecordList(bytesOf(text))).toThrow(expect.objectContaining({ name: 'FormatProblem', code }));
  });
});
