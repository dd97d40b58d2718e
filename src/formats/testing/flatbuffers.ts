/** A part of a flatbuffer. Several may share one. */
export type FlatPart =
  | { readonly kind: 'table'; readonly fields: Readonly<Record<number, FlatPart | number>> }
  | { readonly kind: 'tables'; readonly items: readonly FlatPart[] }
  | { readonly kind: 'ints'; readonly values: Int32Array }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

export const table = (fields: Readonly<Record<number, FlatPart | number>>): FlatPart => ({ kind: 'table', fields });
export const tables = (...items: readonly FlatPart[]): FlatPart => ({ kind: 'tables', items });
/** The same table `count` times. */
export const repeated = (count: number, item: FlatPart): FlatPart => ({
  kind: 'tables',
  items: new Array<FlatPart>(Math.max(1, Math.floor(count))).fill(item),
});
export const ints = (...values: readonly number[]): FlatPart => ({ kind: 'ints', values: Int32Array.from(values) });
export const manyInts = (count: number, value: number): FlatPart => ({
  kind: 'ints',
  values: new Int32Array(Math.max(1, Math.floor(count))).fill(value),
});
export const bytes = (content: Uint8Array): FlatPart => ({ kind: 'bytes', bytes: content });

/** Writes a flatbuffer with an identifier of four letters. Every field takes four bytes. */
export function flatbuffer(root: FlatPart, identifier: string): Uint8Array<ArrayBuffer> {
  const order = parentsFirst(root);
  const places = new Map<FlatPart, number>();
  let end = 8;
  for (const part of order) {
    places.set(part, end + offsetsOf(part));
    end += sizeOf(part);
  }
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  const placeOf = (part: FlatPart) => places.get(part) ?? 0;
  view.setUint32(0, placeOf(root), true);
  file.set(new TextEncoder().encode(identifier), 4);
  for (const part of order) write(part, placeOf(part), view, placeOf);
  return file;
}

function write(part: FlatPart, at: number, view: DataView, placeOf: (part: FlatPart) => number): void {
  if (part.kind === 'table') {
    const offsets = offsetsOf(part);
    view.setInt32(at, offsets, true);
    view.setUint16(at - offsets, offsets, true);
    view.setUint16(at - offsets + 2, sizeOf(part) - offsets, true);
    Object.entries(part.fields).forEach(([index, field], place) => {
      const from = 4 + 4 * place;
      view.setUint16(at - offsets + 4 + 2 * Number(index), from, true);
      view.setUint32(at + from, typeof field === 'number' ? field : placeOf(field) - at - from, true);
    });
    return;
  }
  const count =
    part.kind === 'tables' ? part.items.length : part.kind === 'ints' ? part.values.length : part.bytes.length;
  view.setUint32(at, count, true);
  if (part.kind === 'bytes') new Uint8Array(view.buffer).set(part.bytes, at + 4);
  if (part.kind === 'ints') for (const [i, value] of part.values.entries()) view.setInt32(at + 4 + 4 * i, value, true);
  if (part.kind !== 'tables') return;
  for (const [i, item] of part.items.entries()) {
    const from = at + 4 + 4 * i;
    view.setUint32(from, placeOf(item) - from, true);
  }
}

/** Bytes of a table's offsets, which lie before it. */
function offsetsOf(part: FlatPart): number {
  return part.kind === 'table' ? 4 + 2 * (Math.max(-1, ...Object.keys(part.fields).map(Number)) + 1) : 0;
}

function sizeOf(part: FlatPart): number {
  switch (part.kind) {
    case 'table':
      return offsetsOf(part) + 4 + 4 * Object.keys(part.fields).length;
    case 'tables':
      return 4 + 4 * part.items.length;
    case 'ints':
      return 4 + 4 * part.values.length;
    case 'bytes':
      return 4 + part.bytes.length;
  }
}

/** Each part once, before those that it refers to: offsets only lead forward. */
function parentsFirst(root: FlatPart): readonly FlatPart[] {
  const order: FlatPart[] = [];
  const seen = new Set<FlatPart>();
  const visit = (part: FlatPart) => {
    if (seen.has(part)) return;
    seen.add(part);
    if (part.kind === 'table')
      for (const field of Object.values(part.fields)) if (typeof field !== 'number') visit(field);
    if (part.kind === 'tables') for (const item of part.items) visit(item);
    order.push(part);
  };
  visit(root);
  return order.reverse();
}
