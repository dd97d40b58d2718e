import { python2PairsBin } from '../../../formats/testing/pickles.ts';
import { imagePayload, recordFile } from '../../../formats/testing/records.ts';
import { TEMPLATE_POINTS } from '../similarity.ts';
import { imageBytes } from './dropped-files.ts';

/* The field's data files, written small, of drawings that show nobody. */

type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** Drawings of 112 × 112, encoded; those of different seeds differ. */
export async function drawings(count: number): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  return Promise.all(Array.from({ length: count }, (_, seed) => imageBytes('png', 112, 112, seed)));
}

/** A .bin of `pairs` pairs: same ones where the pair's number is even. */
export async function pairsBin(pairs: number): Promise<Uint8Array<ArrayBuffer>> {
  const images = await drawings(2 * pairs);
  return python2PairsBin(
    images,
    Array.from({ length: pairs }, (_, pair) => pair % 2 === 0),
  );
}

/** train.rec and train.idx of `people` with `each` images, in InsightFace's or im2rec's layout. */
export async function trainingSet(layout: 'insightface' | 'im2rec', people: number, each: number): Promise<Files> {
  const images = await drawings(people * each);
  const total = images.length;
  const records =
    layout === 'im2rec'
      ? images.map((image, key) => ({ key, payload: imagePayload([Math.floor(key / each)], image, key) }))
      : [
          { key: 0, payload: imagePayload([total + 1, total + 1 + people], new Uint8Array(0)) },
          ...images.map((image, at) => ({
            key: at + 1,
            payload: imagePayload([Math.floor(at / each), 1], image, at + 1),
          })),
          ...Array.from({ length: people }, (_, person) => ({
            key: total + 1 + person,
            payload: imagePayload([person * each + 1, (person + 1) * each + 1], new Uint8Array(0)),
          })),
        ];
  const { rec, idx } = recordFile(records);
  return { 'train.rec': rec, 'train.idx': idx };
}

/** An IJB folder below `root`: `templates` of two images each, pairs of neighbours. */
export async function ijbFolder(root: string, templates: number): Promise<Files> {
  const images = await drawings(2 * templates);
  const text = (lines: readonly string[]) => new TextEncoder().encode(`${lines.join('\n')}\n`);
  const names = images.map((_, image) => `${image + 1}.jpg`);
  const files: Files = {
    [`${root}/meta/ijbc_face_tid_mid.txt`]: text(names.map((name, at) => `${name} ${1 + (at >> 1)} ${at}`)),
    [`${root}/meta/ijbc_name_5pts_score.txt`]: text(names.map((name) => `${name} ${TEMPLATE_POINTS.join(' ')} 0.9`)),
    [`${root}/meta/ijbc_template_pair_label.txt`]: text(
      Array.from({ length: templates - 1 }, (_, pair) => `${pair + 1} ${pair + 2} ${pair % 2}`),
    ),
  };
  images.forEach((image, at) => {
    files[`${root}/loose_crop/${names[at]}`] = image;
  });
  return files;
}
