import { readFileSync, writeFileSync } from 'node:fs';
import { onnxEmbeddings } from '../../scripts/onnx-embeddings.ts';
import { writeNpz } from '../../src/formats/npz.ts';
import { readPairsBin } from '../../src/formats/pairs-bin.ts';
import { interleavedOrder } from '../../src/verification/pair-order.ts';

/*
 * Embeddings of a .bin file by an ONNX model that others trained, image and mirror image, as `npm run verify --
 * --embeddings` and scripts/verification-reference.py read them. `interleave` puts same and different pairs in turn, for
 * files that hold a single fold.
 *
 *   npx tsx bench/evidence/embed-pairs.ts MODEL.onnx PAIRS.bin OUT.npz [interleave]
 */

const [modelPath, binPath, outPath, interleave] = process.argv.slice(2);
if (modelPath === undefined || binPath === undefined || outPath === undefined) {
  throw new Error('npx tsx bench/evidence/embed-pairs.ts MODEL.onnx PAIRS.bin OUT.npz [interleave]');
}

const { images, same } = readPairsBin(readFileSync(binPath));
const order = interleave === 'interleave' ? interleavedOrder(same) : Int32Array.from(same, (_, pair) => pair);
const ordered = [...order].flatMap((pair) => images.slice(2 * pair, 2 * pair + 2));
const answers = Uint8Array.from(order, (pair) => same[pair] ?? 0);
const embeddings = await onnxEmbeddings(modelPath, ordered);
writeFileSync(outPath, writeNpz({ ...embeddings, issame: { type: 'bool', shape: [answers.length], data: answers } }));
console.log(`${images.length} images, ${same.length} pairs -> ${outPath}`);
