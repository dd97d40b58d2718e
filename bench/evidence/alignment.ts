import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaceFinder } from '../../src/alignment/face-finder.ts';
import { errorOf, quantile } from '../../src/alignment/testing/turned-faces.ts';
import { alignmentModels } from '../../src/cli/alignment-models.ts';
import { decodeWithSharp } from '../../src/cli/node-faces.ts';
import { netpbmToRgb, readNetpbm } from '../../src/formats/netpbm.ts';
import { readPairsBin } from '../../src/formats/pairs-bin.ts';
import { openEngine } from '../../src/network/backend.ts';

/*
 * REAL_FACES_DIR=... npx tsx bench/evidence/alignment.ts
 * Faces found, and the error of their alignment in pixels of the 112 × 112 template: 300 aligned photos of LFW turned by
 * up to 20 degrees and scaled 0.8 to 2 times, and all 400 of ORL as they are.
 */
const PHOTOS = 300;
const real = process.env.REAL_FACES_DIR;
if (real === undefined) throw new Error('Set REAL_FACES_DIR to a folder with bin/lfw_fold10_py2.bin and orl.');
await openEngine({ preference: 'wasm' });
const finder = await FaceFinder.open(alignmentModels());

const { images } = readPairsBin(new Uint8Array(readFileSync(join(real, 'bin/lfw_fold10_py2.bin'))));
const errors: number[] = [];
for (let at = 0; at < PHOTOS; at++) {
  const face = await decodeWithSharp(Uint8Array.from(images[4 * at] ?? []));
  const error = await errorOf(finder, face, ((at * 17) % 41) - 20, 0.8 + (1.2 * ((at * 7) % 60)) / 59);
  if (error !== undefined) errors.push(error);
}
console.log(
  `LFW: ${errors.length} of ${PHOTOS} found, error ${quantile(errors, 0.5).toFixed(1)} px median, ${quantile(errors, 0.9).toFixed(1)} px at nine tenths`,
);

let found = 0;
const missing: string[] = [];
const files = readdirSync(join(real, 'orl'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.pgm'),
);
for (const file of files) {
  const { width, height, ...image } = readNetpbm(new Uint8Array(readFileSync(join(real, 'orl', file))));
  const pixels = netpbmToRgb({ width, height, ...image });
  if ((await finder.find({ width, height, channels: 3, pixels })).length > 0) found++;
  else missing.push(file);
}
console.log(`ORL: ${found} of ${files.length} found${missing.length > 0 ? `, not ${missing.join(', ')}` : ''}`);
