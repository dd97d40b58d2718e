import { type Below, changed } from './mutations.ts';

/** A field of a message, with the bytes behind its tag; of one with a length, those behind the length. */
interface Field {
  readonly number: number;
  readonly wire: number;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** 0, 1, the borders of one, two, four and eight bytes, -1 and the least of 64 bits. */
const EDGE_NUMBERS = [
  ...[0, 1, 127, 128, 255, 65_535, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1].map(varint),
  [...new Array<number>(9).fill(0xff), 1],
  [...new Array<number>(9).fill(0x80), 1],
];
/** A part is put into itself so many times at most. */
const DEEPEST = 200;
const MOST_REPEATS = 400;
/** No file becomes longer than about this. */
const LONGEST = 100_000;

/**
 * Changes a protobuf message somewhere inside and writes all lengths anew: a field repeated, left out, put into itself,
 * given the content or the number of another, or with an edge number.
 */
export function damageProtobuf(bytes: Uint8Array<ArrayBuffer>, below: Below): Uint8Array<ArrayBuffer> {
  const fields = fieldsOf(bytes);
  return fields === undefined ? changed(bytes, below) : damageFields(fields, below);
}

function damageFields(fields: readonly Field[], below: Below): Uint8Array<ArrayBuffer> {
  const at = below(fields.length || 1);
  const field = fields[at];
  if (field === undefined) return new Uint8Array(0);
  // Mostly into a part of the part, where that is a message.
  if (field.wire === 2 && below(4) > 0 && field.content.length > 1) {
    const inner = fieldsOf(field.content);
    if (inner !== undefined) return written(fields.with(at, { ...field, content: damageFields(inner, below) }));
  }
  const other = fields[below(fields.length)] ?? field;
  switch (below(7)) {
    case 0: {
      const most = Math.min(MOST_REPEATS, LONGEST / (field.content.length + 4));
      return written(fields.toSpliced(at, 0, ...new Array<Field>(1 + below(most)).fill(field)));
    }
    case 1:
      return written(fields.toSpliced(at, 1));
    case 2: {
      let { content } = field;
      for (let depth = below(below(6) > 0 ? 4 : DEEPEST); depth >= 0; depth--) {
        content = below(2) === 0 ? written([{ ...field, content }]) : written(fields.with(at, { ...field, content }));
        if (content.length > LONGEST) break;
      }
      return written(fields.with(at, { number: field.number, wire: 2, content }));
    }
    case 3:
      return written(fields.with(at, { ...field, wire: other.wire, content: other.content }));
    case 4:
      return written(fields.with(at, { ...field, number: other.number }));
    case 5:
      return written(
        fields.with(at, {
          ...field,
          wire: 0,
          content: new Uint8Array(EDGE_NUMBERS[below(EDGE_NUMBERS.length)] ?? []),
        }),
      );
    default:
      return written(fields.with(at, { ...field, content: changed(field.content.slice(), below) }));
  }
}

/** The fields of a message; undefined where the bytes are none. */
function fieldsOf(bytes: Uint8Array<ArrayBuffer>): readonly Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 1; at < bytes.length; shift *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
      if (shift > 2 ** 63) return Number.NaN;
    }
    return Number.NaN;
  };
  while (at < bytes.length) {
    const tag = number();
    const wire = tag % 8;
    if (!(tag >= 8)) return undefined;
    let start = at;
    if (wire === 0) number();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = number();
      start = at;
      at += length;
    } else return undefined;
    if (!(at <= bytes.length)) return undefined;
    fields.push({ number: Math.floor(tag / 8), wire, content: bytes.slice(start, at) });
  }
  return fields;
}

function written(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const heads = fields.map(({ number, wire, content }) =>
    wire === 2 ? [...varint(number * 8 + wire), ...varint(content.length)] : varint(number * 8 + wire),
  );
  const bytes = new Uint8Array(
    fields.reduce((sum, { content }, i) => sum + content.length + (heads[i]?.length ?? 0), 0),
  );
  let at = 0;
  for (const [i, { content }] of fields.entries()) {
    const head = heads[i] ?? [];
    bytes.set(head, at);
    bytes.set(content, at + head.length);
    at += head.length + content.length;
  }
  return bytes;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return bytes;
}
