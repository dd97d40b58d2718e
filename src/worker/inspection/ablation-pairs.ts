import type { PairSource } from '../../faces/benchmark-source.ts';
import type { RegionName } from '../../faces/face-set.ts';
import { syntheticSource } from '../../faces/face-set-source.ts';
import { fewerPairs } from '../../faces/fewer-pairs.ts';
import { ImportError } from '../../faces/import/import-error.ts';
import { foundInWords } from '../../faces/import/limits.ts';
import type { DecodeImage } from '../../faces/import/read-image.ts';
import { recogniseFiles } from '../../faces/import/recognise.ts';
import { sourceOfData } from '../../faces/import/source-of-data.ts';
import { BENCHMARK_NAMES } from '../../faces/synthetic/benchmarks.ts';
import type { PairsOrder, PairsShown } from './protocol.ts';

/** Of the people who are drawn for pairs. */
const SEED = 1;

/** The pairs before any were chosen. */
export const DEFAULT_PAIRS: PairsOrder = { kind: 'drawn', variation: 'lfw', count: 200 };

interface Geometry {
  readonly size: number;
  readonly region: RegionName;
}

/** Pairs that accuracies are measured on, in the geometry of any network. */
export interface AblationPairs {
  readonly shown: PairsShown;
  open(geometry: Geometry): Promise<PairSource>;
}

/**
 * The pairs that are asked for. Files are recognised by their content, and read when a network needs them.
 * @throws ImportError where they hold no pairs of single images, or several sets of which none has the name that is asked for
 */
export async function ablationPairs(order: PairsOrder, decode: () => DecodeImage): Promise<AblationPairs> {
  const { count } = order;
  if (order.kind === 'drawn') {
    const { variation } = order;
    return {
      shown: { name: BENCHMARK_NAMES[variation], count },
      open: async (geometry) =>
        pairsOf(await syntheticSource({ variation, seed: SEED, pairs: count, ...geometry }), count),
    };
  }
  const { name, files } = order;
  const { found, problems } = await recogniseFiles({ name, files });
  const [first, ...others] = found;
  const data = found.find(({ file }) => file === name) ?? (others.length === 0 ? first : undefined);
  if (data === undefined) {
    if (first === undefined && problems[0] !== undefined) throw problems[0];
    const several = `${name} holds more than one set: ${found.map(foundInWords).join('; ')}.`;
    throw new ImportError('unknown-file', several, 'Drop the one that is meant.');
  }
  if (data.kind === 'ijb') throw templates(data.file);
  const all = data.kind === 'pairs' ? data.same.length : undefined;
  return {
    shown: { name: data.file, count: Math.min(count, all ?? count), ...(all === undefined ? {} : { of: all }) },
    open: async (geometry) => {
      const source = await sourceOfData(data, { ...geometry, seed: SEED, pairs: count, decode: decode() });
      return pairsOf(source, count);
    },
  };
}

function pairsOf(source: Awaited<ReturnType<typeof sourceOfData>>, count: number): PairSource {
  if (source.kind === 'templates') throw templates(source.name);
  return fewerPairs(source, count);
}

function templates(name: string): ImportError {
  return new ImportError(
    'unknown-file',
    `${name} compares sets of photos, and filters are judged on pairs of single ones.`,
    'Choose pairs such as lfw.bin, or a folder with one folder a person.',
  );
}
