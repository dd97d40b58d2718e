import { strToU8 } from 'fflate';
import { type Below, type Change, changed, joined } from './mutations.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const EDGE_VALUES: readonly Json[] = [
  ...[0, -1, 1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, null, true, '', '0', '__proto__', 'constructor', '../a'],
  ...['\u0000', '\u{1f600}', 'a'.repeat(5000)],
];
const MOST_REPEATS = 300;
const LONGEST = 100_000;

/**
 * Changes one value of a JSON text: an item repeated, left out or put into itself, a value given to another place, an
 * edge value, a name changed. `frame` takes the JSON out of a file and puts it back.
 */
export function damageJson(frame: JsonFrame = WHOLE): Change {
  return (bytes, below) => {
    const parts = frame.split(bytes);
    const value = parts && parsed(parts.json);
    if (parts === undefined || value === undefined) return changed(bytes, below);
    const damaged = JSON.stringify(damage(value, value, below));
    if (damaged.length > 2 * LONGEST) return bytes;
    return frame.join(strToU8(damaged), parts.rest);
  };
}

/** Where a file keeps its JSON. */
export interface JsonFrame {
  split(
    bytes: Uint8Array<ArrayBuffer>,
  ): { readonly json: Uint8Array; readonly rest: Uint8Array<ArrayBuffer> } | undefined;
  join(json: Uint8Array, rest: Uint8Array): Uint8Array<ArrayBuffer>;
}

const WHOLE: JsonFrame = {
  split: (bytes) => ({ json: bytes, rest: new Uint8Array(0) }),
  join: (json) => joined(json),
};

/** safetensors: the length of the JSON in eight bytes, the JSON, the numbers. */
export const SAFETENSORS_FRAME: JsonFrame = {
  split: (bytes) => {
    if (bytes.length < 8) return undefined;
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    return { json: bytes.subarray(8, 8 + length), rest: bytes.slice(8 + length) };
  },
  join: (json, rest) => {
    const length = new Uint8Array(8);
    new DataView(length.buffer).setUint32(0, json.length, true);
    return joined(length, json, rest);
  },
};

function parsed(bytes: Uint8Array): Json | undefined {
  try {
    const value: Json = JSON.parse(new TextDecoder().decode(bytes));
    return value;
  } catch {
    return undefined;
  }
}

function damage(value: Json, whole: Json, below: Below): Json {
  if (typeof value !== 'object' || value === null) return replaced(value, whole, below);
  const keys = Object.keys(value);
  if (keys.length === 0 || below(12) === 0) return replaced(value, whole, below);
  const key = keys[below(keys.length)] ?? '';
  if (Array.isArray(value)) {
    const at = Number(key);
    const item = value[at] ?? null;
    switch (below(8)) {
      case 0: {
        const most = Math.min(MOST_REPEATS, LONGEST / (JSON.stringify(item).length + 1));
        return value.toSpliced(at, 0, ...new Array<Json>(1 + below(most)).fill(item));
      }
      case 1:
        return value.toSpliced(at, 1);
      default:
        return value.with(at, damage(item, whole, below));
    }
  }
  const entries = Object.entries(value);
  const at = keys.indexOf(key);
  const child = value[key] ?? null;
  switch (below(8)) {
    case 0:
      return Object.fromEntries(entries.toSpliced(at, 1));
    case 1:
      return Object.fromEntries(entries.with(at, [keys[below(keys.length)] ?? '', child]));
    case 2: {
      // The same under many names.
      const most = Math.min(MOST_REPEATS, LONGEST / (JSON.stringify(child).length + key.length + 8));
      const copies = Array.from({ length: 1 + below(most) }, (_, i): [string, Json] => [`${key}${i}`, child]);
      return Object.fromEntries([...entries, ...copies]);
    }
    default:
      return Object.fromEntries(entries.with(at, [key, damage(child, whole, below)]));
  }
}

/** Another value in the place of one. */
function replaced(value: Json, whole: Json, below: Below): Json {
  switch (below(4)) {
    case 0: {
      let nested = value;
      for (let depth = below(below(6) > 0 ? 3 : 400); depth >= 0; depth--)
        nested = below(2) === 0 ? [nested] : { a: nested };
      return nested;
    }
    case 1:
      return somewhere(whole, below);
    case 2:
      return typeof value === 'number' ? value + (below(3) - 1) * 10 ** below(10) : [value, value];
    default:
      return EDGE_VALUES[below(EDGE_VALUES.length)] ?? null;
  }
}

function somewhere(value: Json, below: Below): Json {
  if (typeof value !== 'object' || value === null || below(5) === 0) return value;
  const children = Object.values(value);
  const child = children[below(children.length || 1)];
  return child === undefined ? value : somewhere(child, below);
}
