import { strToU8 } from 'fflate';
import { joined } from './mutations.ts';
import { bytesOf, u32 } from './pickles.ts';
import { filled, type Make, numbered } from './repeated.ts';

/** A text. */
export const text = (value: string) => bytesOf('X', u32(strToU8(value).length), strToU8(value));
/** A pickle of protocol 2 from its opcodes. */
export const pickle = (...parts: readonly (number | string | Uint8Array)[]) => bytesOf(0x80, 2, ...parts, '.');

/** A list in memo 0 that fills half of the file, and for the other half calls of `name` with it. */
function calls(name: string, behind: string): (size: number) => Uint8Array<ArrayBuffer> {
  return (size) =>
    pickle(
      ...['](', filled(size / 2, 'K', 1, 'K', 2, 0x86), 'eq', 0, '0'],
      ...[`c${name}\nq`, 1, '0](', filled(size / 2, 'h', 1, 'h', 0, 0x85, 'R', behind), 'e'],
    );
}

const NAMES = [
  'collections\nOrderedDict',
  'collections\ndeque',
  'collections\nCounter',
  '__builtin__\nset',
  '__builtin__\nbytearray',
  'builtins\ntuple',
  'torch\nSize',
  'numpy\ndtype',
  'numpy._core.multiarray\n_reconstruct',
  'torch._utils\n_rebuild_tensor_v2',
  'copyreg\n_reconstructor',
  'a\nClass',
];

/** Many arrays of numpy by name, all of the same bytes. */
export function sharedArrays(size: number): Uint8Array<ArrayBuffer> {
  const half = Math.floor(size / 2 / 36) * 9;
  const start = bytesOf(
    ...[0x80, 4, 'B', u32(4 * half), new Uint8Array(4 * half), 'q', 0, '0'],
    ...['cnumpy\ndtype\n', text('f4'), 0x85, 'Rq', 1, '0', 'cnumpy.core.multiarray\n_reconstruct\nq', 2, '0'],
    ...['(J', u32(half / 9), 'K', 1, 'K', 3, 'K', 3, 't', 'q', 3, '0}('],
  );
  const array = (i: number) => bytesOf(text(`c${i}.weight`), 'h', 2, ')R(K', 1, 'h', 3, 'h', 1, 0x89, 'h', 0, 'tb');
  return joined(start, numbered(size / 2, array), bytesOf('u.'));
}

/** Pickles that nest, repeat and share. */
export const HOSTILE_PICKLES: readonly (readonly [string, Make])[] = [
  ...NAMES.map((name) => [`one list in many calls of ${name.replace('\n', '.')}`, calls(name, '')] as const),
  ['one list in many states', calls('a\nClass', ')b')],
  [
    'one list appended to itself',
    (size) => pickle('](', filled(size / 2, 'N'), 'eq', 0, filled(size / 2, 'h', 0, 'a')),
  ],
  ['dicts nested under empty keys', (size) => pickle(filled(size / 2, '}', text('')), 'N', filled(size / 10, 's'))],
  ['dicts nested under names', (size) => pickle(filled(size, '}', text('a')), 'N', filled(size / 8, 's'))],
  ['lists nested', (size) => pickle(filled(size / 2, ']'), filled(size / 2 - 1, 'a'))],
  ['tuples nested', (size) => pickle(')', filled(size, 0x85))],
  ['objects nested in states', (size) => pickle(filled(size / 2, 'ca\nB\n)', 0x81), 'N', filled(size / 16, 'b'))],
  ['empty dicts', (size) => pickle('(', filled(size, '}'), 't')],
  ['empty lists', (size) => pickle('(', filled(size, ']'), 't')],
  ['empty tuples', (size) => pickle('(', filled(size, ')'), 't')],
  ['empty sets', (size) => bytesOf(0x80, 4, '(', filled(size, 0x8f), 't.')],
  ['nothing', (size) => pickle('(', filled(size, 'N'), 't')],
  ['marks', (size) => pickle(filled(size, '('), 'N')],
  ['one value taken from the memo', (size) => pickle('}q', 0, '(', filled(size, 'h', 0), 't')],
  [
    'values kept in the memo',
    (size) =>
      pickle(
        'N',
        numbered(size, (i) => bytesOf('r', u32(i))),
      ),
  ],
  ['short texts', (size) => pickle('(', filled(size, text('')), 't')],
  ['one long text', (size) => pickle(text('a'.repeat(size)))],
  ['one long text of two bytes a letter', (size) => pickle(text('\u00e9'.repeat(size / 2)))],
  [
    'names',
    (size) =>
      pickle(
        '(',
        numbered(size, (i) => bytesOf(`ca\n${i}\n`)),
        't',
      ),
  ],
  ['calls without arguments', (size) => pickle('ca\nb\nq', 0, '(', filled(size, 'h', 0, ')R'), 't')],
  ['a number of many bytes', (size) => pickle(0x8b, u32(size), new Uint8Array(size).fill(0x7f))],
  ['a number of many digits', (size) => bytesOf('(lp0\nL', filled(size, '9'), 'L\na.')],
  ['numbers in words', (size) => bytesOf('(lp0\n(', filled(size, 'I1\n'), 'ta.')],
  ['texts in quotes', (size) => bytesOf('(lp0\n(', filled(size, "S''\n"), 'ta.')],
  ['dicts of protocol 0', (size) => bytesOf('(lp0\n(', filled(size, '(d'), 'ta.')],
  ['a list of lists of lists, each ten times', (size) => laughs(size)],
  [
    'a dict that holds itself',
    (size) =>
      pickle(
        '}q',
        0,
        numbered(size, (i) => bytesOf(text(`${i}`), 'h', 0, 's')),
      ),
  ],
  ['many arrays of the same bytes', sharedArrays],
  [
    'texts made into bytes',
    (size) =>
      pickle(
        'c_codecs\nencode\nq',
        0,
        '(',
        numbered(size, (i) => bytesOf('h', 0, text(`${i}`), text('latin1'), 0x86, 'R')),
        't',
      ),
  ],
];

/** Lists in the memo, each of the one before many times: a tree that no walk ends. */
function laughs(size: number): Uint8Array<ArrayBuffer> {
  const level = (i: number) => bytesOf('](', filled(20, 'h', i), 'e', 'q', i + 1, '0');
  return pickle('}q', 0, '0', ...Array.from({ length: 200 }, (_, i) => level(i)), 'h', 200, filled(size, ')0'));
}
