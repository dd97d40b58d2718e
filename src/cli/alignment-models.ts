import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FinderFiles } from '../alignment/face-finder.ts';

/** BlazeFace and FaceMesh from the package that ships them. */
export function alignmentModels(): FinderFiles {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/human')), '..', 'models');
  const files = (name: string) => {
    const weights = readFileSync(join(folder, `${name}.bin`));
    return {
      json: readFileSync(join(folder, `${name}.json`)),
      weights: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength),
    };
  };
  return { detector: files('blazeface'), mesh: files('facemesh') };
}
