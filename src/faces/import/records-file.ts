import { formatNumber } from '../../config/quantity.ts';
import { Budget, MAP_ENTRY_BYTES } from '../../formats/budget.ts';
import { latin1Text } from '../../formats/latin1.ts';
import { FormatProblem } from '../../formats/problem.ts';
import { readProperty } from '../../formats/property.ts';
import { readRecordIndex } from '../../formats/record-index.ts';
import { type RecordList, readRecordList } from '../../formats/record-list.ts';
import { openRecords, type RecordFile } from '../../formats/recordio.ts';
import { type DroppedFile, readSource } from './byte-source.ts';
import { spacedPlaces } from './even-share.ts';
import { ImportError, readFormat } from './import-error.ts';
import { countText } from './limits.ts';

/** A .rec file and the files beside it. */
export interface RecordParts {
  readonly rec: DroppedFile;
  readonly idx: DroppedFile | undefined;
  readonly lst: DroppedFile | undefined;
  readonly property: DroppedFile | undefined;
}

/** An opened training set: its index has been read, of its records only the first and the last. */
export interface RecordsFile {
  readonly kind: 'records';
  readonly file: string;
  readonly records: RecordFile;
  /** Labels by key, where a .lst file lies beside it. */
  readonly list: RecordList | undefined;
  /** Images that the list does not name, so that nobody knows whose they are. */
  readonly unlisted: number;
  /** The file's name, and its contents: "5,179,510 images of 93,431 people" */
  readonly title: string;
  readonly found: string;
}

/**
 * Opens a .rec file of any length by its .idx.
 * @throws ImportError
 */
export async function openRecordsFile({ rec, idx, lst, property }: RecordParts): Promise<RecordsFile> {
  const name = rec.path;
  if (idx === undefined) {
    throw new ImportError(
      'missing-part',
      `${name} cannot be read without its index.`,
      `Give ${name.replace(/(\.[^./]*)?$/, '.idx')} together with it: drop both files, or the folder they are in.`,
    );
  }
  const index = await readFormat(idx.path, async () => readRecordIndex(await bytesOf(idx)));
  const read = async (offset: number, length: number) =>
    new Uint8Array(await readSource(rec.file, offset, Math.min(rec.file.size, offset + length)));
  const records = await readFormat(name, async () => {
    const opened = await openRecords(read, rec.file.size, index);
    // An index of another file shows here and not after a thousand images.
    const last = index.keys.at(-1);
    if (last !== undefined) await opened.read(last);
    return opened;
  });
  const list = lst && (await readFormat(lst.path, async () => readRecordList(await bytesOf(lst))));
  const stated = property && (await readFormat(property.path, async () => readProperty(await textOf(property))));
  if (stated !== undefined && records.identities !== undefined && stated.identities !== records.identities) {
    throw new ImportError(
      'file-inconsistent',
      `${property?.path} says ${countText(stated.identities, 'identity', 'identities')}, but ${name} has ${formatNumber(records.identities)}.`,
      'Use the files of one packing, or leave the property file out.',
    );
  }
  const people =
    records.identities ?? stated?.identities ?? (list && (await readFormat(name, () => countLabels(list.labels))));
  // InsightFace's layout says itself who is on each image.
  const used = records.firstIdentity === undefined ? list : undefined;
  if (lst !== undefined && used !== undefined) await checkLabels(name, lst.path, records, used);
  const unlisted = used === undefined ? 0 : records.imageKeys.length - listedImages(records, used);
  const images = countText(records.imageKeys.length - unlisted, 'image');
  const counted = people === undefined ? images : `${images} of ${countText(people, 'person', 'people')}`;
  return {
    kind: 'records',
    file: name,
    records,
    list,
    unlisted,
    title: name,
    found: [unlisted > 0 ? `${counted}.` : counted, ...unlistedNotes(name, unlisted)].join(' '),
  };
}

/** How many images of a file its list does not name; nothing where it names all. */
export function unlistedNotes(name: string, unlisted: number): readonly string[] {
  if (unlisted === 0) return [];
  const images = `${countText(unlisted, 'image')} of ${name}`;
  return [`${images} ${unlisted === 1 ? 'is' : 'are'} not in its .lst file and left out.`];
}

/** Records whose labels are compared with those of the list. */
const PROBES = 256;

/** A list of another packing would give every image to somebody else. @throws ImportError */
async function checkLabels(name: string, list: string, records: RecordFile, { keys, labels }: RecordList) {
  for (const at of spacedPlaces(keys.length, PROBES)) {
    const [key = 0, listed = 0] = [keys[at], labels[at]];
    const [label = listed] = await records.labels(key).catch((error: unknown) => {
      // A record that is missing or damaged is named when its turn comes.
      if (error instanceof FormatProblem) return [];
      throw error;
    });
    // Records have their labels in 32 bits.
    if (label === Math.fround(listed)) continue;
    throw new ImportError(
      'file-inconsistent',
      `${list} gives record ${formatNumber(key)} of ${name} the label ${listed}, but the record itself has ${label}.`,
      'Use the .lst file from which the .rec file was made, or leave it out.',
    );
  }
}

function listedImages(records: RecordFile, { keys }: RecordList): number {
  const sorted = keys.toSorted();
  return sorted.reduce((sum, key, at) => sum + (key !== sorted[at - 1] && records.bytesOf(key) > 0 ? 1 : 0), 0);
}

function countLabels(labels: Float64Array): number {
  new Budget(labels.byteLength).charge((MAP_ENTRY_BYTES / 2) * labels.length, 'its labels');
  return new Set(labels).size;
}

async function bytesOf({ file }: DroppedFile): Promise<Uint8Array> {
  return new Uint8Array(await readSource(file, 0, file.size));
}

/** The first kilobyte is more than a property file ever has. */
async function textOf({ file }: DroppedFile): Promise<string> {
  return latin1Text(new Uint8Array(await readSource(file, 0, Math.min(file.size, 1024))));
}
