import { inspectLayer } from '../../craft/inspection.ts';
import { similarFilters } from '../../craft/similar-filters.ts';
import { DEFAULT_IMPORT_LIMITS } from '../../faces/import/limits.ts';
import { ImageReader } from '../../faces/import/read-image.ts';
import { recordPeople } from '../../faces/import/record-people.ts';
import { openRecordsFile } from '../../faces/import/records-file.ts';
import { unpackFile } from '../../faces/import/unpack-files.ts';
import { UnreadableImageError } from '../../faces/import/unreadable-image.ts';
import { Budget } from '../../formats/budget.ts';
import { readFaceList } from '../../formats/face-list.ts';
import { readIjbImages, readIjbPairs } from '../../formats/ijb-meta.ts';
import { netpbmToRgb, readNetpbm } from '../../formats/netpbm.ts';
import { readPairsBin } from '../../formats/pairs-bin.ts';
import { readRecordIndex } from '../../formats/record-index.ts';
import { readRecordList } from '../../formats/record-list.ts';
import type { HostileShape } from '../../formats/testing/hostile.ts';
import { analyse } from '../../study/analysis.ts';
import { packRows, unpackRows } from '../../study/packed-rows.ts';
import { readPlan } from '../../study/plan-file.ts';
import { planOfRows } from '../../study/plan-of-rows.ts';
import { readResultsCsv } from '../../study/results-csv.ts';
import { readModel } from '../import/read-model.ts';
import { readRunnable } from '../import/runnable-model.ts';
import { readRunArchive } from '../run-archive.ts';

/** The outcome of a hostile file: "read", or the sentence of the refusal; anything but a refusal is thrown. */
export interface HostileResult {
  readonly answer: string;
  readonly refused: boolean;
  /** The most that the budget counted, where the reader takes one from here. */
  readonly peak: number;
}

/** Reads a hostile file as the page and the command line do, as far as the first layer's verdict. */
export async function readHostile(shape: HostileShape, bytes: Uint8Array<ArrayBuffer>): Promise<HostileResult> {
  const budget = new Budget(bytes.length);
  try {
    await READERS[shape.reader](bytes, budget);
    return { answer: 'read', refused: false, peak: budget.peak };
  } catch (error) {
    if (error instanceof UnreadableImageError)
      return { answer: `It ${error.message}.`, refused: true, peak: budget.peak };
    if (!(error instanceof Error) || !('hint' in error)) throw error;
    return { answer: error.message, refused: true, peak: budget.peak };
  }
}

const READERS: Readonly<
  Record<HostileShape['reader'], (bytes: Uint8Array<ArrayBuffer>, budget: Budget) => unknown | Promise<unknown>>
> = {
  model: async (bytes, budget) => {
    const { convolutions, first } = await readModel([{ name: 'file', bytes }], { budget });
    const layer = convolutions[first];
    if (layer !== undefined) similarFilters(layer);
    for (const convolution of convolutions) inspectLayer(convolution);
  },
  network: (bytes, budget) => readRunnable([{ name: 'file', bytes }], undefined, budget),
  run: (bytes, budget) => readRunArchive(bytes, budget),
  pairs: (bytes) => readPairsBin(bytes),
  index: (bytes, budget) => readRecordIndex(bytes, budget),
  list: (bytes, budget) => readRecordList(bytes, budget),
  ijb: (bytes, budget) => (bytes[0] === 0x61 ? readIjbImages(bytes, budget) : readIjbPairs(bytes, budget)),
  faces: (bytes, budget) => readFaceList('list.csv', new TextDecoder().decode(bytes), budget),
  packed: (bytes) => {
    const kind = bytes[0] === 0x1f ? 'gzip' : 'tar';
    return unpackFile({ path: 'file', file: new Blob([bytes]), kind }, DEFAULT_IMPORT_LIMITS);
  },
  plan: (bytes) => readPlan(bytes),
  results: (bytes, budget) => {
    const rows = readResultsCsv(new TextDecoder().decode(bytes), budget);
    analyse(planOfRows(rows), unpackRows(packRows(rows)));
  },
  image: (bytes) => {
    const decode = () => Promise.reject(new Error('This kind is read without a decoder.'));
    const file = { path: 'a.tif', size: bytes.length, read: async () => bytes };
    return new ImageReader(decode, 'auto', DEFAULT_IMPORT_LIMITS).read(file);
  },
  netpbm: (bytes) => netpbmToRgb(readNetpbm(bytes)),
  records: async (bytes) => {
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const file = (path: string, start: number, end: number) => ({ path, file: new Blob([bytes.subarray(start, end)]) });
    const opened = await openRecordsFile({
      rec: file('a.rec', 4 + length, bytes.length),
      idx: file('a.idx', 4, 4 + length),
      lst: undefined,
      property: undefined,
    });
    await recordPeople(opened, DEFAULT_IMPORT_LIMITS);
  },
};
