import { type Below, changed, joined } from './mutations.ts';
import { bytesOf } from './pickles.ts';

/** Opcodes with bytes behind them, with a count of so many bytes and then bytes, and with lines of text. */
const FIXED: Readonly<Record<number, number>> = {
  ...codes({ K: 1, M: 2, J: 4, G: 8, q: 1, r: 4, h: 1, j: 4 }),
  ...{ 128: 1, 130: 1, 131: 2, 132: 4, 149: 8 },
};
const COUNTED: Readonly<Record<number, number>> = {
  ...codes({ U: 1, C: 1, T: 4, B: 4, X: 4 }),
  ...{ 140: 1, 138: 1, 139: 4, 141: 8, 142: 8, 150: 8 },
};
const LINES = codes({ c: 2, i: 2, F: 1, I: 1, L: 1, S: 1, V: 1, P: 1, g: 1, p: 1 });

/** Those that build something of the values before them, and take each other's place. */
const BUILDERS = [...'RbotldsuaeQ0(2)]}.', '\u0081', '\u0085', '\u0086', '\u0087', '\u0092', '\u0090', '\u0093'];
const NAMES = [
  ...['collections\nOrderedDict', 'collections\ndefaultdict', 'copyreg\n_reconstructor', 'builtins\ntuple'],
  ...['numpy\ndtype', 'numpy\nndarray', 'numpy._core.multiarray\n_reconstruct', 'numpy.core.multiarray\nscalar'],
  ...['torch._utils\n_rebuild_tensor_v2', 'torch._utils\n_rebuild_qtensor', 'torch._utils\n_rebuild_parameter'],
  ...['torch\nFloatStorage', 'torch\nSize', 'torch._tensor\n_rebuild_from_type_v2', 'a.b\nC'],
  ...['torch._utils\n_rebuild_sparse_tensor', 'torch.jit._pickle\nrestore_type_tag', 'builtins\nset'],
];
const MOST_REPEATS = 400;
/** Some bytes a copy: no file becomes longer than about this. */
const LONGEST = 100_000;

/**
 * Changes a pickle between its opcodes: a part repeated, left out or moved, values put into lists and dicts of any depth,
 * kept and taken again, other builders and other names.
 */
export function damagePickle(bytes: Uint8Array<ArrayBuffer>, below: Below): Uint8Array<ArrayBuffer> {
  const operations = operationsOf(bytes);
  if (operations.length < 2) return changed(bytes, below);
  const at = below(operations.length);
  const length = 1 + below(below(2) === 0 ? 3 : 20);
  const part = operations.slice(at, at + length);
  const put = (place: number, removed: number, ...made: readonly Uint8Array<ArrayBuffer>[]) =>
    joined(...operations.toSpliced(place, removed, ...made));
  switch (below(8)) {
    case 0: {
      const size = joined(...part).length;
      const times = 1 + below(Math.min(MOST_REPEATS, LONGEST / (size + 1)));
      return put(at, 0, ...Array.from({ length: times }, () => part).flat());
    }
    case 1:
      return put(at, part.length);
    case 2:
      return put(below(operations.length), 0, ...part);
    case 3: {
      const depth = 1 + below(below(6) > 0 ? 4 : 3000);
      const [open, close] =
        below(2) === 0 ? [bytesOf(']'), bytesOf('a')] : [bytesOf('}X', 1, 0, 0, 0, 'k'), bytesOf('s')];
      const end = Math.min(operations.length - 1, at + length);
      return joined(
        ...operations.slice(0, at),
        ...new Array<Uint8Array>(depth).fill(open),
        ...operations.slice(at, end),
        ...new Array<Uint8Array>(depth).fill(close),
        ...operations.slice(end),
      );
    }
    case 4: {
      const number = below(250);
      const later = at + 1 + below(operations.length - at);
      const times = below(3) === 0 ? 1 + below(MOST_REPEATS) : 1;
      return joined(
        ...operations.slice(0, at + 1),
        bytesOf('q', number),
        ...operations.slice(at + 1, later),
        ...new Array<Uint8Array>(times).fill(bytesOf('h', number)),
        ...operations.slice(later),
      );
    }
    case 5:
      return put(at, 1, bytesOf(BUILDERS[below(BUILDERS.length)]?.charCodeAt(0) ?? 0));
    case 6:
      return put(at, below(2), bytesOf(`c${NAMES[below(NAMES.length)] ?? ''}\n`));
    default:
      return put(at, 1, changed(new Uint8Array(operations[at] ?? []), below));
  }
}

/** The opcodes with their arguments; behind the last that is whole, the rest in one piece. */
function operationsOf(bytes: Uint8Array<ArrayBuffer>): readonly Uint8Array<ArrayBuffer>[] {
  const operations: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  while (at < bytes.length) {
    const code = bytes[at] ?? 0;
    let end = at + 1 + (FIXED[code] ?? 0);
    const width = COUNTED[code];
    if (width !== undefined) {
      let count = 0;
      for (let i = width - 1; i >= 0; i--) count = count * 256 + (bytes[at + 1 + i] ?? 0);
      end = at + 1 + width + count;
    }
    for (let lines = LINES[code] ?? 0; lines > 0; lines--) end = bytes.indexOf(0x0a, end) + 1 || bytes.length;
    // The numbers behind the pickles of an old checkpoint are no opcodes.
    if (end > bytes.length || operations.length > 5000) end = bytes.length;
    operations.push(bytes.subarray(at, end));
    at = end;
  }
  return operations;
}

function codes(byLetter: Readonly<Record<string, number>>): Record<number, number> {
  return Object.fromEntries(Object.entries(byLetter).map(([letter, value]) => [letter.charCodeAt(0), value]));
}
