import { formatNumber } from '../../config/quantity.ts';
import { Budget, MAP_ENTRY_BYTES, OBJECT_BYTES } from '../../formats/budget.ts';
import { FormatProblem } from '../../formats/problem.ts';
import type { RecordFile } from '../../formats/recordio.ts';
import { spaced, spacedPlaces } from './even-share.ts';
import type { IdentityFolder } from './identity-folders.ts';
import type { ImageFile } from './image-files.ts';
import { ImportError, readFormat } from './import-error.ts';
import { countText, type ImportLimits } from './limits.ts';
import type { RecordsFile } from './records-file.ts';
import { UnreadableImageError } from './unreadable-image.ts';

/** Who is in a training set, each with the images that may be taken. */
export interface RecordPeople {
  readonly people: readonly IdentityFolder<ImageFile>[];
  /** People and images in the whole file, without those that a list leaves out, as far as that is known without reading it. */
  readonly allPeople: number | undefined;
  readonly allImages: number;
}

interface Reading {
  readonly signal?: AbortSignal | undefined;
  /** Labels read, and labels in all, where each is read. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** A key and a label, as numbers. */
const PAIR_BYTES = 16;
/** Labels of so many records are read one by one; they take some seconds. */
const READ_ALL_LABELS = 200_000;
/** Labels read between two tellings. */
const LABELS_TOLD = 1000;
/** Records looked at to see whether labels come in order. */
const PROBES = 256;

/**
 * Chooses people, evenly spaced over the file, and lists their images. InsightFace's layout and a .lst file say who they
 * are; else the labels are read: all of them in a small file, in a large one those of the chosen people's runs.
 * @throws ImportError, or the signal's reason
 */
export async function recordPeople(
  { file, records, list, unlisted }: RecordsFile,
  limits: ImportLimits,
  { signal, progress }: Reading = {},
): Promise<RecordPeople> {
  const allImages = records.imageKeys.length - unlisted;
  const keysOf = await readFormat(file, async (): Promise<ReadonlyMap<number, readonly number[]>> => {
    if (records.firstIdentity !== undefined) return keysByRange(records, limits, signal);
    if (list !== undefined) return keysByLabel(list.keys, (at) => list.labels[at]);
    if (allImages <= READ_ALL_LABELS) {
      const labels = await labelsAt(records, { signal, progress }, (at) => at, allImages);
      return keysByLabel(records.imageKeys, (at) => labels[at]);
    }
    return keysByRun(file, records, limits, signal);
  });
  const chosen = spaced(
    [...keysOf].sort(([a], [b]) => a - b),
    limits.maxIdentities,
  );
  return {
    people: chosen.map(([label, keys]) => ({
      name: `${label}`,
      items: spaced(keys, limits.maxImagesPerIdentity).map((key) => imageOf(file, records, key)),
    })),
    allPeople: records.identities ?? (list !== undefined || allImages <= READ_ALL_LABELS ? keysOf.size : undefined),
    allImages,
  };
}

function imageOf(file: string, records: RecordFile, key: number): ImageFile {
  return {
    path: `${file}, record ${formatNumber(key)}`,
    size: records.bytesOf(key),
    read: async () => {
      try {
        // A copy: the record's other bytes need not stay.
        return Uint8Array.from((await records.read(key)).image);
      } catch (error) {
        if (error instanceof FormatProblem) throw new UnreadableImageError(`is damaged: ${error.sentence}`);
        throw error;
      }
    },
  };
}

/** InsightFace's layout: of the chosen people the range record, and of their first image the label. */
async function keysByRange(records: RecordFile, limits: ImportLimits, signal?: AbortSignal) {
  const first = records.firstIdentity ?? 0;
  const keysOf = new Map<number, readonly number[]>();
  for (const identity of spacedPlaces(records.identities ?? 0, limits.maxIdentities)) {
    signal?.throwIfAborted();
    const [start = 0, end = 0] = await records.labels(first + identity);
    if (!(start >= 1 && end >= start && end <= first)) {
      throw new FormatProblem(
        'inconsistent',
        `An identity's images would be those from key ${start} to ${end - 1}.`,
        'Use the .rec and .idx files of one packing.',
        { record: first + identity },
      );
    }
    // The ranges of some packings include a person without images.
    if (end === start) continue;
    const [label = identity] = await records.labels(start);
    if (keysOf.has(label)) {
      throw new FormatProblem(
        'inconsistent',
        `The images of several identities have the label ${label}.`,
        'Use the .rec and .idx files of one packing.',
        { record: first + identity },
      );
    }
    // Ranges that overlap would list the file's images again for every person.
    const places = spacedPlaces(end - start, limits.maxImagesPerIdentity);
    keysOf.set(
      label,
      places.map((at) => start + at),
    );
  }
  return keysOf;
}

function keysByLabel(keys: Float64Array, labelOf: (at: number) => number | undefined) {
  const keysOf = new Map<number, number[]>();
  // A label of its own for every image costs far more than the list it is in.
  const budget = new Budget(PAIR_BYTES * keys.length);
  keys.forEach((key, at) => {
    const label = labelOf(at) ?? 0;
    const there = keysOf.get(label);
    if (there) there.push(key);
    else {
      budget.charge(OBJECT_BYTES + MAP_ENTRY_BYTES, 'its labels');
      keysOf.set(label, [key]);
    }
  });
  return keysOf;
}

/**
 * A large file without a list: where labels never fall from record to record, a person's images are one run. The runs at
 * evenly spaced places are read from their first record on.
 */
async function keysByRun(file: string, records: RecordFile, limits: ImportLimits, signal?: AbortSignal) {
  const { imageKeys } = records;
  const count = imageKeys.length;
  const probed = await labelsAt(
    records,
    { signal },
    (probe) => Math.floor((probe * (count - 1)) / (PROBES - 1)),
    PROBES,
  );
  if (probed.some((label, at) => label < (probed[at - 1] ?? label))) {
    throw new ImportError(
      'missing-part',
      `${file} has ${countText(count, 'image')} in no order of people, and nothing beside it says whose each is.`,
      'Give its .lst file together with it, or sort the records by person when packing.',
    );
  }
  const labelAt = async (at: number) => (await records.labels(imageKeys[at] ?? 0))[0] ?? 0;
  const keysOf = new Map<number, number[]>();
  for (let run = 0; run < limits.maxIdentities; run++) {
    signal?.throwIfAborted();
    let at = Math.floor((run * count) / limits.maxIdentities);
    const before = at === 0 ? undefined : await labelAt(at);
    while (at < count && (await labelAt(at)) === before) at++;
    if (at === count) break;
    const label = await labelAt(at);
    if (keysOf.has(label)) continue;
    const keys: number[] = [];
    while (at < count && keys.length < limits.maxImagesPerIdentity && (await labelAt(at)) === label) {
      keys.push(imageKeys[at++] ?? 0);
    }
    keysOf.set(label, keys);
  }
  return keysOf;
}

/** First labels of `count` records, of which `placeOf` gives the place in the index. */
async function labelsAt(
  records: RecordFile,
  { signal, progress }: Reading,
  placeOf: (at: number) => number,
  count: number,
): Promise<Float64Array> {
  const labels = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    signal?.throwIfAborted();
    if (at % LABELS_TOLD === 0) progress?.(at, count);
    labels[at] = (await records.labels(records.imageKeys[placeOf(at)] ?? 0))[0] ?? 0;
  }
  return labels;
}
