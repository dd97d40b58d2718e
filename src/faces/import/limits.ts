import { formatNumber } from '../../config/quantity.ts';
import type { Allowance } from '../../formats/budget.ts';

/** The limits of an import. Everything past a limit is refused or left out with a sentence, never cut silently. */
export interface ImportLimits {
  /** Files a folder or an archive may list. */
  readonly maxFiles: number;
  /** Images kept; of more, the same number of every person is taken. */
  readonly maxImages: number;
  /** People kept; of more, so many evenly spaced among them. */
  readonly maxIdentities: number;
  /** Images kept of each person, evenly spaced among theirs. */
  readonly maxImagesPerIdentity: number;
  /** Bytes of an archive. */
  readonly maxArchiveBytes: number;
  /** Bytes of one image file, and of one image after it is unpacked. */
  readonly maxImageBytes: number;
  /** Pixels of one image. */
  readonly maxPixels: number;
  /** Bytes all images of an archive may have after they are unpacked. */
  readonly maxUnpackedBytes: number;
  /** How many times its packed size the images of an archive may have; small archives are let through. */
  readonly maxExpansion: number;
}

const MIB = 2 ** 20;

/** At most 720 MiB of faces in memory, and time for a pause of seconds a file. */
export const DEFAULT_IMPORT_LIMITS: ImportLimits = {
  maxFiles: 500_000,
  maxImages: 20_000,
  maxIdentities: 1000,
  maxImagesPerIdentity: 100,
  maxArchiveBytes: 2048 * MIB,
  maxImageBytes: 32 * MIB,
  maxPixels: 50_000_000,
  maxUnpackedBytes: 4096 * MIB,
  maxExpansion: 100,
};

/** Below this an archive may expand as it likes: no computer minds, and flat drawings pack a thousand times. */
const HARMLESS_UNPACKED_BYTES = 64 * MIB;

/** The unpacked size of all images of an archive; they are unpacked one at a time. */
export function unpackingOf({ maxUnpackedBytes, maxExpansion }: ImportLimits): Allowance {
  return {
    floor: Math.min(HARMLESS_UNPACKED_BYTES, maxUnpackedBytes),
    ratio: maxExpansion,
    ceiling: maxUnpackedBytes,
    honest: 0,
  };
}

/** "1.5 GB": sizes as a file manager shows them. */
export function sizeText(bytes: number): string {
  if (bytes >= 1024 * MIB) return `${(bytes / (1024 * MIB)).toFixed(1)} GB`;
  if (bytes >= MIB) return `${Math.round(bytes / MIB)} MB`;
  return `${Math.ceil(bytes / 1024)} KB`;
}

/** "7 000 pairs", "1 person"; `many` where the plural is not made with an s. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** The recognised contents, in words: "CFP-FP: 7 000 pairs, 112 × 112". */
export function foundInWords({ title, found }: { readonly title: string; readonly found: string }): string {
  return `${title}: ${found}`;
}
