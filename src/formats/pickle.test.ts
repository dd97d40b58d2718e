import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { numpyGlobals } from './numpy-pickle.ts';
import { readPickle } from './pickle.ts';
import { type PickleConstructor, PickleGlobal, PickleObject, type PickleValue } from './pickle-value.ts';
import { bytesOf, u32 } from './testing/pickles.ts';
import { pythonWith } from './testing/python.ts';

const problem = (code: string, text = '') => expect.objectContaining({ code, message: expect.stringContaining(text) });

describe('a pickle that wants to run something', () => {
  test.each([
    ['os.system', bytesOf(0x80, 2, 'cos\nsystem\n(X', u32(2), 'ls', 'tR.')],
    ['posix.system', bytesOf(0x80, 4, 0x8c, 5, 'posix', 0x8c, 6, 'system', 0x93, '(', 0x8c, 2, 'ls', 'tR.')],
    ['builtins.eval', bytesOf(0x80, 2, 'cbuiltins\neval\n(', 'tR.')],
    ['subprocess.Popen', bytesOf('(lp0\n(isubprocess\nPopen\np1\na.')],
    ['__builtin__.execfile', bytesOf(0x80, 2, '(c__builtin__\nexecfile\no.')],
  ])('%s: the file is warned of, and nothing was run', (name, bytes) => {
    expect(() => readPickle(bytes, { globals: numpyGlobals() })).toThrow(
      problem('forbidden', `"${name}", which runs commands`),
    );
  });

  test.each([
    ['numpy.load', bytesOf(0x80, 2, 'cnumpy\nload\n(', 'tR.')],
    ['__proto__.constructor', bytesOf(0x80, 2, 'c__proto__\nconstructor\n(', 'tR.')],
    ['constructor.constructor', bytesOf(0x80, 2, 'cconstructor\nconstructor\n(', 'tR.')],
  ])('%s makes an object that only keeps its name', (name, bytes) => {
    const { value } = readPickle(bytes, { globals: numpyGlobals() });
    expect(value).toEqual(new PickleObject(name, []));
  });

  test('an unknown object keeps arguments, attributes, entries and elements', () => {
    const item = bytesOf('X', u32(1), 'k', 'K', 1, 's');
    const bytes = bytesOf(0x80, 2, 'ca\nB\nK', 7, 0x85, 0x81, item, 'K', 2, 'a}', item, 'b.');
    const { value } = readPickle(bytes);
    const object = value instanceof PickleObject ? value : expect.fail('no object');
    expect([object.name, object.args, object.items, object.elements, object.state]).toEqual([
      'a.B',
      [7],
      new Map([['k', 1]]),
      [2],
      new Map([['k', 1]]),
    ]);
  });

  test('a name and an id from outside of the file are values like any other', () => {
    const { value } = readPickle(bytesOf(0x80, 2, 'X', u32(1), 'aQc_codecs\nencode\n', 0x86, '.'));
    expect(value).toEqual([new PickleObject('', ['a']), new PickleGlobal('_codecs.encode')]);
  });
});

describe('damage is named with its byte', () => {
  test.each([
    ['no pickle', bytesOf('\x7fELF'), 'wrong-format', 0],
    ['a protocol to come', bytesOf(0x80, 9, 'N.'), 'unsupported', 1],
    ['the end inside bytes', bytesOf(0x80, 3, 'B', u32(100), 'abc'), 'truncated', 7],
    ['no end', bytesOf(0x80, 2, 'N'), 'truncated', 3],
    ['a length beyond the file', bytesOf(0x80, 2, 'T', u32(0xffffffff)), 'truncated', 7],
    ['a number of a million bytes', bytesOf(0x80, 2, 0x8b, u32(1_000_000)), 'wrong-format', 2],
    ['a number of a million digits', bytesOf('(lp0\nI', '9'.repeat(1_000_000), '\na.'), 'wrong-format', 5],
    ['a text without quotes', bytesOf('(lp0\nSa\na.'), 'wrong-format', 5],
    ['bytes beyond 2^53', bytesOf(0x80, 4, 0x8e, u32(0xffffffff), u32(0xffffffff)), 'truncated', 11],
    ['nothing to end with', bytesOf(0x80, 2, '.'), 'wrong-format', 2],
    ['nothing to append to', bytesOf(0x80, 2, 'NNa.'), 'wrong-format', 4],
    ['no mark', bytesOf(0x80, 2, 'Nt.'), 'wrong-format', 3],
    ['an empty memo', bytesOf(0x80, 2, 'h', 7, '.'), 'wrong-format', 2],
    ['no opcode of Python', bytesOf(0x80, 2, '(~'), 'unsupported', 3],
    ['numbers outside of the file', bytesOf(0x80, 5, 0x97, '.'), 'unsupported', 2],
    ['a value from below a mark', bytesOf(0x80, 2, 'N(', 0x85, '.'), 'wrong-format', 4],
    ['a state for a list', bytesOf(0x80, 2, ']Nb.'), 'wrong-format', 4],
  ])('%s', (_, bytes, code, byte) => {
    expect(() => readPickle(bytes)).toThrow(expect.objectContaining({ code, place: { byte } }));
  });

  test('an empty file', () => {
    expect(() => readPickle(new Uint8Array(0))).toThrow(problem('empty-file'));
  });
});

test('one long text encoded again and again takes memory once', () => {
  const text = 'a'.repeat(100_000);
  // The text and the encoder in memos 0 and 1, then a list of a thousand calls.
  const call = bytesOf('h', 1, 'h', 0, 'X', u32(6), 'latin1', 0x86, 'R');
  const bytes = bytesOf(
    bytesOf(0x80, 2, 'X', u32(text.length), text, 'q', 0, '0c_codecs\nencode\nq', 1, '0]('),
    ...Array.from({ length: 1000 }, () => call),
    bytesOf('e.'),
  );
  const { value } = readPickle(bytes, { globals: numpyGlobals() });
  expect(Array.isArray(value) && new Set(value).size).toBe(1);
});

const VALUES = `
import pickle, sys
value = [None, True, False, 0, 255, 65535, -1, 2**31 - 1, -2**31, 2**40, -2**62, 2**100, 1.5, "text", "\\u4f60\\u597d", b"bytes", b"",
         (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [[]], {"a": 1, "b": [2]}, "x" * 300, b"y" * 300]
sys.stdout.buffer.write(pickle.dumps(value, protocol=PROTOCOL))
`;

const python = pythonWith('numpy');

describe.skipIf(python.command === undefined)(`plain values as Python writes them${python.skipped}`, () => {
  test.each([0, 1, 2, 3, 4, 5])('protocol %i', (protocol) => {
    const { value } = readPickle(python.run(['-c', VALUES.replace('PROTOCOL', String(protocol))]), {
      globals: numpyGlobals(),
    });
    const ascii = (text: string) => new TextEncoder().encode(text);
    expect(value).toEqual([
      ...[
        null,
        true,
        false,
        0,
        255,
        65535,
        -1,
        2 ** 31 - 1,
        -(2 ** 31),
        2 ** 40,
        -(2n ** 62n),
        2n ** 100n,
        1.5,
        'text',
        '你好',
      ],
      ...[ascii('bytes'), new Uint8Array(0), [], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4], [], [[]]],
      new Map<string, unknown>([
        ['a', 1],
        ['b', [2]],
      ]),
      'x'.repeat(300),
      ascii('y'.repeat(300)),
    ]);
  });
});

const models = process.env.REAL_MODELS_DIR;
const withoutModels = models === undefined ? ' (skipped: REAL_MODELS_DIR is not set)' : '';

describe.skipIf(models === undefined)(`a real PyTorch checkpoint${withoutModels}`, () => {
  const file = () => new Uint8Array(readFileSync(join(models ?? '', 'mobilefacenet-pytorch', '068.ckpt')));

  test('opens with the names of its kind: magic number, version, system, weights', () => {
    const tensor: PickleConstructor = ([storage, offset, size]) => [storage ?? null, offset ?? null, size ?? null];
    const globals = new Map<string, PickleConstructor>([
      ['torch._utils._rebuild_tensor', tensor],
      ['torch._utils._rebuild_tensor_v2', tensor],
    ]);
    const [magic, version, system, weights] = readPickles(file(), globals);
    expect(magic).toBe(0x1950a86a20f9469cfc6cn);
    expect(version).toBe(1001);
    expect(system instanceof Map && system.get('little_endian')).toBe(true);
    const state = weights instanceof Map ? weights.get('net_state_dict') : undefined;
    const first = state instanceof PickleObject ? [...(state.items?.values() ?? [])][0] : undefined;
    expect(Array.isArray(first) && first[2]).toEqual([64, 3, 3, 3]);
  });

  function readPickles(bytes: Uint8Array, globals: ReadonlyMap<string, PickleConstructor>): PickleValue[] {
    let rest = bytes;
    return [0, 1, 2, 3].map(() => {
      const { value, end } = readPickle(rest, { globals, persistent: (id) => id });
      rest = rest.subarray(end);
      return value;
    });
  }
});

test('the memo keeps None, and values under any numbers: from 1 as Python 2 counts, out of turn, far apart, anew', () => {
  const read = (...parts: readonly (number | string | Uint8Array)[]) =>
    readPickle(bytesOf(0x80, 2, '(', ...parts, 't.')).value;
  expect(read('Nq', 0, 'h', 0)).toEqual([null, null]);
  expect(read('K', 5, 'q', 1, 'K', 6, 'q', 2, 'h', 1, 'h', 2)).toEqual([5, 6, 5, 6]);
  expect(read('K', 5, 'r', u32(4_000_000_000), 'K', 6, 'q', 0, 'j', u32(4_000_000_000), 'h', 0)).toEqual([5, 6, 5, 6]);
  // 40 lies too far behind at first; the values up to it are counted later, and it is kept anew.
  const counted = Array.from({ length: 41 }, (_, key) => ['K', key, 'q', key]).flat();
  expect(read('K', 9, 'q', 40, 'h', 40, ...counted, 'h', 40)).toEqual([9, 9, ...Array(41).keys(), 40]);
  expect(read('K', 5, 'q', 0, 'K', 6, 'q', 0, 'h', 0)).toEqual([5, 6, 6]);
  expect(() => read('K', 5, 'q', 3, 'h', 2)).toThrow('memo 2, which was never filled');
});
