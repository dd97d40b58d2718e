import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesOf, python2PairsBin } from '../../formats/testing/pickles.ts';
import { imagePayload, recordFile } from '../../formats/testing/records.ts';
import { type FileKind, fileKind } from './file-kind.ts';
import { imageBytes, pgmBytes } from './testing/dropped-files.ts';

const jpeg = await imageBytes('jpeg', 20, 20);
const { rec, idx } = recordFile([{ key: 0, payload: imagePayload([1], jpeg) }]);

describe('the kind of a file', () => {
  it.each<[FileKind, Uint8Array]>([
    ['pairs-bin', python2PairsBin([jpeg, jpeg], [true])],
    ['records', rec],
    ['record-index', idx],
    ['record-index', strToU8('0\t0\n4\t5500\n7\t11')],
    ['record-list', strToU8('0\t0\tman/man_1.jpg\n4\t1\twoman/1.jpg\n')],
    ['record-list', strToU8('0\t1.000000\t1.0\tman/man 1.jpg\n')],
    ['property', strToU8('93431,112,112')],
    ['property', strToU8('10,112,112\n140\n')],
    ['ijb-images', strToU8('1.jpg 1 69544\n2.jpg 1 69545\n')],
    ['ijb-pairs', strToU8('1 11065 1\n1 11066 0\n1 110')],
    ['ijb-landmarks', strToU8('1.jpg 46.060 62.026 87.785 60.323 68.851 77.656 52.162 99.875 86.450 98.648 0.999\n')],
    ['zip', zipSync({ 'a.txt': strToU8('a') })],
    ['zip', zipSync({})],
    ['image', jpeg],
    ['image', pgmBytes(9, 9, 1)],
    ['empty', new Uint8Array(0)],
    ['unknown', strToU8('hello, this is a text')],
    ['unknown', bytesOf(0x80, 9, 1, 2, 3)],
    ['unknown', strToU8('\n\n')],
  ])('%s', (kind, bytes) => {
    expect(fileKind(bytes.slice(0, 512))).toBe(kind);
  });
});
