import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { permutation, stream } from '../../src/config/random.ts';
import { faceAt } from '../../src/faces/face-set.ts';
import { TEMPLATE_POINTS } from '../../src/faces/import/similarity.ts';
import { population } from '../../src/faces/synthetic/population.ts';

export interface IjbFolderOptions {
  readonly templates: number;
  readonly imagesPerTemplate: number;
  readonly pairs: number;
  readonly seed: number;
}

/** People and photos of each that are drawn; the folder's images are links to these, which costs no room. */
const PEOPLE = 16;
const PHOTOS = 6;
/** Loose crops are larger than the face. */
const CANVAS = 150;
/** One pair in so many shows one person. */
const SAME_EVERY = 20;

/**
 * Writes a folder laid out as IJB-C is published: `meta` with its three lists, and `loose_crop` with JPEG images, of drawn
 * people. Templates are of one person each, with media of one or two images; faces are anywhere in their crops, so that
 * alignment has work to do.
 */
export async function writeIjbFolder(root: string, options: IjbFolderOptions): Promise<void> {
  const { templates, imagesPerTemplate, pairs, seed } = options;
  const uniform = stream(seed, 'ijb folder');
  for (const folder of ['meta', 'loose_crop', 'drawn']) mkdirSync(join(root, folder), { recursive: true });
  const faces = await population({
    seed,
    identities: PEOPLE,
    imagesPerIdentity: PHOTOS,
    size: 112,
    region: 'full',
    variation: 'ijb-c',
  });
  const corners: (readonly [number, number])[] = [];
  for (let drawn = 0; drawn < PEOPLE * PHOTOS; drawn++) {
    const corner = [Math.floor(uniform() * 38), Math.floor(uniform() * 38)] as const;
    corners.push(corner);
    await writeCrop(join(root, 'drawn', `${drawn}.jpg`), faceAt(faces, drawn), corner);
  }

  const images: string[] = [];
  const landmarks: string[] = [];
  const count = templates * imagesPerTemplate;
  for (let image = 0; image < count; image++) {
    const template = Math.floor(image / imagesPerTemplate);
    const drawn = (template % PEOPLE) * PHOTOS + Math.floor(uniform() * PHOTOS);
    const name = `${image + 1}.jpg`;
    linkSync(join(root, 'drawn', `${drawn}.jpg`), join(root, 'loose_crop', name));
    const [left, top] = corners[drawn] ?? [0, 0];
    const points = TEMPLATE_POINTS.map((value, at) => value + (at % 2 === 0 ? left : top) + uniform() - 0.5);
    images.push(`${name} ${template + 1} ${Math.floor((image % imagesPerTemplate) / 2)}`);
    landmarks.push(`${name} ${points.map((point) => point.toFixed(3)).join(' ')} ${(0.5 + uniform() / 2).toFixed(4)}`);
  }
  // The order of templates in the pair list is nobody's.
  const order = permutation(templates, stream(seed, 'ijb pairs'));
  const lines = Array.from({ length: pairs }, (_, pair) => {
    const left = order[pair % templates] ?? 0;
    const other = Math.floor(uniform() * templates);
    const right = pair % SAME_EVERY === 0 ? (left + PEOPLE * (1 + (other % 7))) % templates : other;
    return `${left + 1} ${right + 1} ${left % PEOPLE === right % PEOPLE ? 1 : 0}`;
  });
  writeList(root, 'face_tid_mid', images);
  writeList(root, 'name_5pts_score', landmarks);
  writeList(root, 'template_pair_label', lines);
}

function writeList(root: string, name: string, lines: readonly string[]): void {
  writeFileSync(join(root, 'meta', `ijbc_${name}.txt`), `${lines.join('\n')}\n`);
}

async function writeCrop(path: string, face: Uint8Array, [left, top]: readonly [number, number]): Promise<void> {
  const canvas = new Uint8Array(CANVAS * CANVAS * 3).fill(128);
  for (let row = 0; row < 112; row++) {
    canvas.set(face.subarray(row * 112 * 3, (row + 1) * 112 * 3), ((top + row) * CANVAS + left) * 3);
  }
  const raw = { width: CANVAS, height: CANVAS, channels: 3 } as const;
  await sharp(canvas, { raw }).jpeg({ quality: 92 }).toFile(path);
}
