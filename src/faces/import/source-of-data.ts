import type { BenchmarkSource } from '../benchmark-source.ts';
import { faceCount } from '../face-set.ts';
import { faceSetSource } from '../face-set-source.ts';
import { heldOutPairs } from '../held-out.ts';
import { ijbSource } from './ijb-source.ts';
import { ImportError } from './import-error.ts';
import { importFaces, importRecords } from './import-faces.ts';
import { unreadableNotes } from './import-notes.ts';
import { faceSetOf } from './imported-faces.ts';
import { listedSource, regionNotShown } from './listed-source.ts';
import { pairSource, type SourceOptions } from './pairs-source.ts';
import type { FoundData } from './recognise.ts';

export interface DataSourceOptions extends SourceOptions {
  /** Pairs drawn from people, whose files name none. */
  readonly pairs: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Images read before the source is there: only people's are; a .bin's and IJB's are read while they are scored. */
  readonly progress?: (done: number, total: number) => void;
}

/**
 * Recognised data, as a benchmark. Of people (a folder, a .zip, a .rec) the images are read and balanced pairs drawn.
 * @throws ImportError, or the signal's reason
 */
export async function sourceOfData(data: FoundData, options: DataSourceOptions): Promise<BenchmarkSource> {
  switch (data.kind) {
    case 'pairs':
      return pairSource(data, options);
    case 'ijb':
      return ijbSource(data, options);
    case 'listed':
      return listedSource(data, options);
    case 'people':
    case 'records':
      return drawnPairs(data, options);
  }
}

async function drawnPairs(
  data: Extract<FoundData, { kind: 'people' | 'records' }>,
  options: DataSourceOptions,
): Promise<BenchmarkSource> {
  const { file } = data;
  const { size, region, pairs, seed } = options;
  const imported =
    data.kind === 'records'
      ? await importRecords(data, options)
      : await importFaces({ ...options, name: file, files: data.files });
  const faces = faceSetOf(imported, { size, region });
  if (faces.region !== region) throw regionNotShown(`an image of ${file}`, region);
  const all = Int32Array.from({ length: faceCount(faces) }, (_, index) => index);
  const drawn = heldOutPairs(faces, all, pairs, seed);
  if (drawn.same.length === 0) {
    throw new ImportError(
      'no-images',
      [
        `${file} gives no pairs: nobody has two images that can be read, or there are fewer than two people.`,
        ...unreadableNotes(imported.unreadable),
        ...imported.copies,
      ].join(' '),
      'Use at least two people with two images each.',
    );
  }
  const { unreadable, copies } = imported;
  const repeated = drawn.distinct < drawn.same.length ? { distinct: drawn.distinct } : {};
  return faceSetSource(faces, drawn, {
    id: undefined,
    name: file,
    origin: { kind: 'file', file },
    unreadable,
    copies,
    ...repeated,
  });
}
