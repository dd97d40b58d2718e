import { heifKind } from '../../formats/heif.ts';
import { IMAGE_ENDINGS } from '../../formats/image-endings.ts';
import { latin1Text } from '../../formats/latin1.ts';
import { looksLikePickle } from '../../formats/pickle.ts';
import { isTar } from '../../formats/tar.ts';
import { isTiff } from '../../formats/tiff.ts';
import { readImageHeader } from './image-header.ts';

/** The kind of a file, by its first bytes and never by its name. */
export type FileKind =
  /** A pickle, as InsightFace's lfw.bin. */
  | 'pairs-bin'
  /** MXNet's train.rec, its train.idx and train.lst, and the `property` file beside them. */
  | 'records'
  | 'record-index'
  | 'record-list'
  | 'property'
  /** The three lists of an IJB `meta` folder. */
  | 'ijb-images'
  | 'ijb-pairs'
  | 'ijb-landmarks'
  | 'zip'
  /** Files that hold others: see `unpack-files.ts`. */
  | 'tar'
  | 'gzip'
  | 'xz'
  | 'image'
  | 'empty'
  | 'unknown';

/** How many bytes `fileKind` wants to see. */
export const KIND_BYTES = 512;

/** Recognises the kind of a file from its first `KIND_BYTES` bytes, or all where there are fewer. */
export function fileKind(start: Uint8Array): FileKind {
  if (start.length === 0) return 'empty';
  if (looksLikePickle(start)) return 'pairs-bin';
  if (starts(start, [0x0a, 0x23, 0xd7, 0xce])) return 'records';
  if (starts(start, [0x50, 0x4b, 3, 4]) || starts(start, [0x50, 0x4b, 5, 6])) return 'zip';
  if (starts(start, [0x1f, 0x8b])) return 'gzip';
  if (starts(start, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])) return 'xz';
  if (isTar(start)) return 'tar';
  if (isImage(start)) return 'image';
  return textKind(start);
}

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?`;
const IMAGE_NAME = String.raw`\S+\.(?:${IMAGE_ENDINGS.join('|')})`;
/** One line of each kind of list; the first kind that all lines seen are of. */
const LINES: readonly (readonly [FileKind, RegExp])[] = [
  ['property', /^\d+,\s*\d+,\s*\d+$/],
  ['record-index', /^\d+\t\d+$/],
  ['record-list', new RegExp(String.raw`^\d+\t(?:${NUMBER}\t)+\S.*$`)],
  ['ijb-pairs', /^\d+ +\d+ +[01]$/],
  ['ijb-images', new RegExp(String.raw`^${IMAGE_NAME} +\d+ +\d+$`, 'i')],
  ['ijb-landmarks', new RegExp(`^${IMAGE_NAME}(?: +${NUMBER}){11}$`, 'i')],
];

function textKind(start: Uint8Array): FileKind {
  const lines = latin1Text(start).split('\n');
  // The last line may be cut off where the bytes end.
  if (lines.length > 1) lines.pop();
  const whole = lines.map((line) => line.trimEnd()).filter((line) => line !== '');
  if (whole.length === 0) return 'unknown';
  const [, second = ''] = whole;
  for (const [kind, pattern] of LINES) {
    // A property file may count the images on its second line.
    const seen = kind === 'property' && /^\d+$/.test(second) ? whole.slice(0, 1) : whole;
    if (seen.every((line) => pattern.test(line))) return kind;
  }
  return 'unknown';
}

function isImage(start: Uint8Array): boolean {
  // A photo's size may lie beyond the bytes seen, behind its EXIF; so may that of a TIFF or AVIF.
  if (starts(start, [0xff, 0xd8, 0xff]) || isTiff(start) || heifKind(start) !== undefined) return true;
  try {
    return readImageHeader(start) !== undefined;
  } catch {
    return true;
  }
}

function starts(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((byte, at) => bytes[at] === byte);
}
