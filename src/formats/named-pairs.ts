import type { FaceList } from './face-list.ts';

/** Ada_Example/Ada_Example_0001.jpg */
const NAMED_AFTER_FOLDER = /^(?:.*\/)?([^/]+)\/\1_\d+\.\w+$/;

/**
 * SLLFW's list: an image a line; lines 2k and 2k + 1 are a pair, and their folders, after which the images are named, say
 * whether it shows one person. Undefined where the text of this name is no such list.
 */
export function namedPairs(name: string, rows: readonly (readonly string[])[]): FaceList | undefined {
  const saysPairs = /pair/i.test(name.slice(name.lastIndexOf('/') + 1));
  if (!saysPairs || rows.length % 2 !== 0 || rows.some((row) => row.length !== 1)) return undefined;
  const images = rows.map(([image = '']) => ({ image, person: NAMED_AFTER_FOLDER.exec(image)?.[1] }));
  if (images.some(({ person }) => person === undefined)) return undefined;
  const pairs = Array.from({ length: images.length / 2 }, (_, pair) => {
    const [left, right] = images.slice(2 * pair, 2 * pair + 2);
    return { left: left?.image ?? '', right: right?.image ?? '', same: left?.person === right?.person };
  });
  const same = pairs.filter((pair) => pair.same).length;
  // A list of photos has one person's after another.
  return Math.abs(2 * same - pairs.length) <= 0.2 * pairs.length ? { kind: 'pairs', pairs } : undefined;
}
