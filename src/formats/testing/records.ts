import { bytesOf, u32 } from './pickles.ts';

const MAGIC = 0xced7230a;

/** An image record's payload: header 'IfQQ', labels, image. One label goes into the header, more follow it. */
export function imagePayload(labels: readonly number[], image: Uint8Array, id = 0): Uint8Array<ArrayBuffer> {
  const many = labels.length > 1;
  const header = new Uint8Array(24 + (many ? 4 * labels.length : 0));
  const view = new DataView(header.buffer);
  view.setUint32(0, many ? labels.length : 0, true);
  view.setFloat32(4, many ? 0 : (labels[0] ?? 0), true);
  view.setBigUint64(8, BigInt(id), true);
  if (many)
    labels.forEach((label, i) => {
      view.setFloat32(24 + 4 * i, label, true);
    });
  return bytesOf(header, image);
}

/** A record as dmlc-core writes it: split where the payload holds the magic number at a multiple of 4 bytes. */
export function record(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const cuts: number[] = [];
  for (let at = 0; at + 4 <= payload.length; at += 4) if (view.getUint32(at, true) === MAGIC) cuts.push(at);
  const starts = [0, ...cuts.map((cut) => cut + 4)];
  const ends = [...cuts, payload.length];
  return bytesOf(
    ...starts.map((start, i) => {
      const last = i === starts.length - 1;
      const flag = cuts.length === 0 ? 0 : i === 0 ? 1 : last ? 3 : 2;
      const part = payload.subarray(start, ends[i]);
      const padding = new Uint8Array((4 - (part.length % 4)) % 4);
      return bytesOf(u32(MAGIC), u32(((flag << 29) | part.length) >>> 0), part, padding);
    }),
  );
}

/** A .rec file and its .idx text; the index lists the records in the order given by `shuffle`. */
export function recordFile(
  records: readonly { readonly key: number; readonly payload: Uint8Array }[],
  shuffle: (count: number) => readonly number[] = (count) => Array.from({ length: count }, (_, i) => i),
): { readonly rec: Uint8Array<ArrayBuffer>; readonly idx: Uint8Array<ArrayBuffer> } {
  const written = records.map(({ payload }) => record(payload));
  let offset = 0;
  const lines = records.map(({ key }, i) => {
    const line = `${key}\t${offset}\n`;
    offset += written[i]?.length ?? 0;
    return line;
  });
  const order = shuffle(records.length);
  return { rec: bytesOf(...written), idx: bytesOf(...order.map((i) => lines[i] ?? '')) };
}
