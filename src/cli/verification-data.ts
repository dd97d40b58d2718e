import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { BenchmarkSource } from '../faces/benchmark-source.ts';
import type { RegionName } from '../faces/face-set.ts';
import { syntheticSource } from '../faces/face-set-source.ts';
import { foundInWords } from '../faces/import/limits.ts';
import { recogniseFiles } from '../faces/import/recognise.ts';
import { sourceOfData } from '../faces/import/source-of-data.ts';
import { VARIATIONS } from '../faces/synthetic/variation.ts';
import { UsageError } from './arguments.ts';
import { decodeWithSharp, filesOf } from './node-faces.ts';

/** The pairs of a verification, in the geometry that the model was trained with. */
export interface VerificationDataOptions {
  readonly size: number;
  readonly region: RegionName;
  /** Pairs drawn from people or from a synthetic benchmark. */
  readonly pairs: number;
  readonly seed: number;
}

/** A benchmark, and its description once it is opened: "CFP-FP: 7,000 pairs, 112×112". */
export interface VerificationData {
  readonly source: BenchmarkSource;
  readonly found: string;
}

/**
 * Opens `synthetic:lfw` and its like, or files that are recognised by content: an InsightFace .bin, an IJB-B or IJB-C
 * folder, a folder or .zip with one folder a person, or a .rec with its .idx beside it.
 * @throws UsageError, ImportError
 */
export async function verificationData(data: string, options: VerificationDataOptions): Promise<VerificationData> {
  if (data.startsWith('synthetic:')) {
    const variation = VARIATIONS.find((name) => name === data.slice('synthetic:'.length));
    if (variation === undefined) {
      throw new UsageError(`There is no "${data}". Choose synthetic: and one of ${VARIATIONS.join(', ')}.`);
    }
    const source = await syntheticSource({ ...options, variation });
    return { source, found: `${source.name}: ${source.pairs.same.length.toLocaleString('en')} pairs` };
  }
  if (statSync(data, { throwIfNoEntry: false }) === undefined) throw new UsageError(`There is no file ${data}.`);
  const { found, problems } = await recogniseFiles({ name: basename(data), files: await filesOf(data) });
  const [first, ...others] = found;
  if (first === undefined) throw problems[0] ?? new UsageError(`There is nothing to verify on in ${data}.`);
  if (others.length > 0) {
    throw new UsageError(`${data} holds more than one set; name one. ${found.map(foundInWords).join('; ')}.`);
  }
  return { source: await sourceOfData(first, { ...options, decode: decodeWithSharp }), found: foundInWords(first) };
}
