import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { formatNumber } from '../config/quantity.ts';
import type { BenchmarkSource } from '../faces/benchmark-source.ts';
import type { RegionName } from '../faces/face-set.ts';
import { syntheticSource } from '../faces/face-set-source.ts';
import { unreadableNotes } from '../faces/import/import-notes.ts';
import { foundInWords } from '../faces/import/limits.ts';
import { type FoundData, recogniseFiles } from '../faces/import/recognise.ts';
import { sourceOfData } from '../faces/import/source-of-data.ts';
import { VARIATIONS } from '../faces/synthetic/variation.ts';
import { terminalLine } from '../formats/outside-text.ts';
import { repeatedText } from '../verification/repeated-pairs.ts';
import { UsageError } from './arguments.ts';
import { decodeWithSharp, filesOf } from './node-faces.ts';

/** The pairs of a verification, in the geometry that the model was trained with. */
export interface VerificationDataOptions {
  readonly size: number;
  readonly region: RegionName;
  /** Pairs drawn from people or from a synthetic benchmark. */
  readonly pairs: number;
  readonly seed: number;
  /** Which of several sets is meant, by its title: "CFP-FP". */
  readonly set?: string | undefined;
  /** False where the command takes no `--set`, as a study. */
  readonly choosesSets?: boolean;
}

/** A benchmark, and its description once it is opened: "CFP-FP: 7,000 pairs, 112 × 112"; a line for each set that cannot be used. */
export interface VerificationData {
  readonly source: BenchmarkSource;
  readonly found: string;
}

/**
 * Opens `synthetic:lfw` and its like, or files that are recognised by content: an InsightFace .bin, an IJB-B or IJB-C
 * folder, a folder or .zip with one folder a person, or a .rec with its .idx beside it. Of several sets, as CFP's two
 * protocols, `set` chooses one.
 * @throws UsageError, ImportError
 */
export async function verificationData(data: string, options: VerificationDataOptions): Promise<VerificationData> {
  if (data.startsWith('synthetic:')) {
    const variation = VARIATIONS.find((name) => name === data.slice('synthetic:'.length));
    if (variation === undefined) {
      throw new UsageError(`There is no "${data}". Choose synthetic: and one of ${VARIATIONS.join(', ')}.`);
    }
    if (options.set !== undefined) {
      throw new UsageError(`--set names one of several sets in a folder, and ${data} is one set. Leave it out.`);
    }
    const source = await syntheticSource({ ...options, variation });
    return { source, found: `${source.name}: ${formatNumber(source.pairs.same.length)} pairs` };
  }
  if (statSync(data, { throwIfNoEntry: false }) === undefined) throw new UsageError(`There is no file ${data}.`);
  const { found, problems } = await recogniseFiles({ name: basename(data), files: await filesOf(data) });
  if (found.length === 0) throw problems[0] ?? new UsageError(`There is nothing to verify on in ${data}.`);
  const chosen = setNamed(data, found, options);
  const source = await sourceOfData(chosen, { ...options, decode: decodeWithSharp });
  const { unreadable, copies = [], distinct, pairs } = source;
  const repeated = distinct === undefined ? [] : [repeatedText('These photos', distinct, pairs.same.length)];
  const notes = [...unreadableNotes(unreadable), ...copies, ...repeated];
  const unused = problems.map(({ message }) => `Not used: ${message}`);
  return { source, found: [foundInWords(chosen), ...notes, ...unused].map(terminalLine).join('\n') };
}

/** The only set, or the one of that title. @throws UsageError where the meant one is unknown */
function setNamed(
  data: string,
  found: readonly FoundData[],
  { set, choosesSets = true }: Pick<VerificationDataOptions, 'set' | 'choosesSets'>,
): FoundData {
  const alike = set === undefined ? found : found.filter(({ title }) => title.toLowerCase() === set.toLowerCase());
  const [first, ...others] = alike;
  const all = found.map(foundInWords).join('; ');
  if (first === undefined) throw new UsageError(`${data} holds no set called "${set}". It holds ${all}.`);
  if (others.length === 0) return first;
  const titles = new Set(alike.map(({ title }) => title));
  const remedy =
    titles.size < alike.length
      ? 'they have one name, so give the file or folder of one as --data'
      : choosesSets
        ? `name one with --set, as --set "${first.title}"`
        : 'give a file or folder that holds one as --data';
  throw new UsageError(`${data} holds ${alike.length} sets; ${remedy}. ${all}.`);
}
