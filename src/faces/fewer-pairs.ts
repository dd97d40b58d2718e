import { CHUNK_IMAGES, type PairSource } from './benchmark-source.ts';
import { FACE_CHANNELS } from './face-set.ts';

/**
 * At most about `most` pairs of a source, evenly spread over all of its same and of its different ones, in their order:
 * a file of ten balanced folds keeps balanced ones. Only the images of these pairs are read.
 */
export function fewerPairs(source: PairSource, most: number): PairSource {
  const { same, left, right, identities } = source.pairs;
  if (same.length <= most) return source;
  const chosen = [0, 1].flatMap((kind) => {
    const ofKind = [...same.keys()].filter((pair) => same[pair] === kind);
    const wanted = Math.round((most * ofKind.length) / same.length);
    return Array.from({ length: wanted }, (_, at) => ofKind[Math.floor(((at + 0.5) * ofKind.length) / wanted)] ?? 0);
  });
  const pairs = Int32Array.from(chosen).sort();
  const images = [...new Set([...pairs].flatMap((pair) => [left[pair] ?? 0, right[pair] ?? 0]))];
  const placeOf = new Map(images.map((image, place) => [image, place]));
  const places = (side: Int32Array) => Int32Array.from(pairs, (pair) => placeOf.get(side[pair] ?? 0) ?? 0);
  const people = (side: Int32Array) => Int32Array.from(pairs, (pair) => side[pair] ?? 0);
  const image = (place: number) => source.image(images[place] ?? 0);
  const bytes = source.size ** 2 * FACE_CHANNELS;
  return {
    ...source,
    imageCount: images.length,
    pairs: {
      left: places(left),
      right: places(right),
      same: Uint8Array.from(pairs, (pair) => same[pair] ?? 0),
      ...(identities === undefined
        ? {}
        : { identities: { left: people(identities.left), right: people(identities.right) } }),
    },
    image,
    async *chunks(signal) {
      for (let first = 0; first < images.length; first += CHUNK_IMAGES) {
        const count = Math.min(CHUNK_IMAGES, images.length - first);
        const read = new Uint8Array(count * bytes);
        for (let row = 0; row < count; row++) {
          signal?.throwIfAborted();
          read.set(await image(first + row), row * bytes);
        }
        yield { first, count, images: read };
      }
    },
  };
}
