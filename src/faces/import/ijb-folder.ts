import { formatNumber } from '../../config/quantity.ts';
import {
  type IjbLandmarks,
  type IjbPairs,
  readIjbImages,
  readIjbLandmarks,
  readIjbPairs,
} from '../../formats/ijb-meta.ts';
import { benchmarkNamed } from '../../verification/benchmark-names.ts';
import type { BenchmarkId } from '../benchmark-source.ts';
import { type ByteSource, type DroppedFile, readSource } from './byte-source.ts';
import { ImportError, readFormat, refuseOneKind } from './import-error.ts';
import { countText } from './limits.ts';
import { UnreadableImageError } from './unreadable-image.ts';

/** The three lists of an IJB `meta` folder. */
export interface IjbLists {
  readonly images: DroppedFile | undefined;
  readonly pairs: DroppedFile | undefined;
  readonly landmarks: DroppedFile | undefined;
}

/** An IJB-B or IJB-C folder whose lists have been read; its images stay in their files until their turn. */
export interface IjbFolder {
  readonly kind: 'ijb';
  /** Name of the folder. */
  readonly file: string;
  readonly id: BenchmarkId | undefined;
  readonly imageCount: number;
  readonly templates: Int32Array<ArrayBuffer>;
  readonly media: Int32Array<ArrayBuffer>;
  /** [images, 5, 2] and [images] of the face detector. */
  readonly points: IjbLandmarks['points'];
  readonly scores: IjbLandmarks['scores'];
  readonly pairs: IjbPairs;
  /** "IJB-C", or the folder's name, and its contents: "469,375 images, 23,124 templates, 15,658,489 pairs" */
  readonly title: string;
  readonly found: string;
  nameOf(index: number): string;
  /** The encoded image. @throws UnreadableImageError where the file is gone */
  read(index: number): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Reads the lists and finds the images they name among `files`; of images nothing is read. `name` is the folder's name,
 * text from outside.
 * @throws ImportError where a list is missing or wrong, the lists contradict each other, or images are missing
 */
export async function openIjbFolder(
  name: string,
  lists: IjbLists,
  files: readonly DroppedFile[],
  signal?: AbortSignal,
): Promise<IjbFolder> {
  const { names, templates, media } = await readList(lists.images, name, 'face_tid_mid.txt', readIjbImages);
  signal?.throwIfAborted();
  const landmarks = await readList(lists.landmarks, name, 'name_5pts_score.txt', readIjbLandmarks);
  signal?.throwIfAborted();
  const pairs = await readList(lists.pairs, name, 'template_pair_label.txt', readIjbPairs);
  signal?.throwIfAborted();
  checkNames(name, names, landmarks.names);
  const templateCount = checkTemplates(name, templates, pairs);
  refuseOneKind(`${name}/…_template_pair_label.txt`, pairs.same);
  const sources = imagesNamed(name, names, files);
  const known = benchmarkNamed(lists.images?.path.split('/').at(-1) ?? '') ?? benchmarkNamed(name);
  return {
    kind: 'ijb',
    file: name,
    id: known?.id,
    imageCount: names.length,
    templates,
    media,
    points: landmarks.points,
    scores: landmarks.scores,
    pairs,
    title: known?.title ?? name,
    found: `${countText(names.length, 'image')}, ${countText(templateCount, 'template')}, ${countText(pairs.same.length, 'pair')}`,
    nameOf: (index) => names[index] ?? '',
    read: async (index) => {
      const source = sources[index];
      if (source === undefined) throw new UnreadableImageError('is not there');
      return new Uint8Array(await readSource(source, 0, source.size));
    },
  };
}

async function readList<T>(
  list: DroppedFile | undefined,
  folder: string,
  ending: string,
  read: (bytes: Uint8Array) => T,
): Promise<T> {
  if (list === undefined) {
    throw new ImportError(
      'missing-part',
      `${folder} looks like IJB-B or IJB-C, but its meta folder has no ..._${ending}.`,
      'Give the whole folder: meta with its three lists (…_face_tid_mid, …_template_pair_label, …_name_5pts_score), and loose_crop.',
    );
  }
  const bytes = new Uint8Array(await readSource(list.file, 0, list.file.size));
  return readFormat(list.path, () => read(bytes));
}

/** The lists name the same images in the same order, as eval_ijbc.py takes for granted. */
function checkNames(folder: string, images: readonly string[], landmarks: readonly string[]): void {
  const differs = images.findIndex((image, line) => image !== landmarks[line]);
  if (differs < 0 && images.length === landmarks.length) return;
  const line = differs < 0 ? images.length : differs;
  throw new ImportError(
    'file-inconsistent',
    `The lists of ${folder} do not name the same images: line ${formatNumber(line + 1)} is ${images[line] ?? 'missing'} in one and ${landmarks[line] ?? 'missing'} in the other.`,
    'Use the face_tid_mid and name_5pts_score lists of one benchmark.',
  );
}

/** Every template of a pair has an image. Returns how many templates there are. */
function checkTemplates(folder: string, templates: Int32Array, { left, right }: IjbPairs): number {
  const known = new Set(templates);
  for (const side of [left, right]) {
    const pair = side.findIndex((template) => !known.has(template));
    if (pair >= 0) {
      throw new ImportError(
        'file-inconsistent',
        `Pair ${formatNumber(pair + 1)} of ${folder} names template ${side[pair]}, to which no image belongs.`,
        'Use the lists of one benchmark.',
      );
    }
  }
  return known.size;
}

/** The file of each named image, looked up below `loose_crop` where there is such a folder. */
function imagesNamed(folder: string, names: readonly string[], files: readonly DroppedFile[]): ByteSource[] {
  const crops = files.filter(({ path }) => /(^|\/)loose_crop\//.test(path));
  const byName = new Map<string, DroppedFile[]>();
  for (const file of crops.length > 0 ? crops : files) {
    const alike = byName.get(baseName(file.path)) ?? [];
    byName.set(baseName(file.path), alike);
    alike.push(file);
  }
  const missing: string[] = [];
  const twice: string[] = [];
  const found: ByteSource[] = [];
  for (const name of names) {
    const alike = byName.get(baseName(name)) ?? [];
    // "img/1.jpg" and "frames/1.jpg" are two images; eval_ijbc.py takes names as paths below loose_crop.
    const [file, ...others] =
      [`loose_crop/${name}`, `/${name}`, '']
        .map((ending) => alike.filter(({ path }) => path.endsWith(ending)))
        .find(({ length }) => length > 0) ?? [];
    if (file === undefined) missing.push(name);
    else if (others.length > 0) twice.push(name);
    else found.push(file.file);
  }
  if (twice.length > 0) {
    throw new ImportError(
      'file-inconsistent',
      `The lists of ${folder} name ${countText(twice.length, 'image')} of which there are several, the first is ${twice[0]}.`,
      'Which of them is meant cannot be known. Give the folder with each image once.',
    );
  }
  if (missing.length > 0) {
    throw new ImportError(
      'missing-part',
      `${formatNumber(missing.length)} of the ${countText(names.length, 'image')} that the lists of ${folder} name ${missing.length === 1 ? 'is' : 'are'} not there, the first is ${missing[0]}.`,
      'Give the folder that holds both meta and loose_crop.',
    );
  }
  return found;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
