import { readFileSync, writeFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { writeNpz } from '../src/formats/npz.ts';
import { readPairsBin } from '../src/formats/pairs-bin.ts';

/*
 * Embeddings of a .bin file by an ONNX model that others trained, image and mirror image, as `npm run verify --
 * --embeddings` reads them. Pixels go in as RGB, (value - 127) / 128, [1, 3, size, size].
 *
 *   npx tsx bench/embed-pairs.ts MODEL.onnx PAIRS.bin OUT.npz
 */

const [modelPath, binPath, outPath] = process.argv.slice(2);
if (modelPath === undefined || binPath === undefined || outPath === undefined) {
  throw new Error('npx tsx bench/embed-pairs.ts MODEL.onnx PAIRS.bin OUT.npz');
}

const { images, same } = readPairsBin(readFileSync(binPath));
const session = await ort.InferenceSession.create(modelPath, { intraOpNumThreads: 1 });
const [inputName = 'data'] = session.inputNames;
const [outputName = 'output'] = session.outputNames;
const rows: { readonly original: Float32Array[]; readonly flipped: Float32Array[] } = { original: [], flipped: [] };

async function embed(pixels: Float32Array, size: number): Promise<Float32Array> {
  const outputs = await session.run({ [inputName]: new ort.Tensor('float32', pixels, [1, 3, size, size]) });
  const data = outputs[outputName]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`${outputName} is no float32 tensor.`);
  return data;
}

/** [size, size, 3] bytes to [3, size, size], mirrored left to right where asked. */
function planes(rgb: Uint8Array, size: number, mirrored: boolean): Float32Array {
  return Float32Array.from({ length: 3 * size * size }, (_, i) => {
    const channel = Math.floor(i / (size * size));
    const y = Math.floor(i / size) % size;
    const x = mirrored ? size - 1 - (i % size) : i % size;
    return ((rgb[(y * size + x) * 3 + channel] ?? 0) - 127) / 128;
  });
}

for (const image of images) {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  rows.original.push(await embed(planes(data, info.width, false), info.width));
  rows.flipped.push(await embed(planes(data, info.width, true), info.width));
}

const matrix = (embeddings: readonly Float32Array[]) => {
  const dimension = embeddings[0]?.length ?? 0;
  const all = new Float32Array(embeddings.length * dimension);
  embeddings.forEach((embedding, i) => {
    all.set(embedding, i * dimension);
  });
  return { type: 'float32', shape: [embeddings.length, dimension], data: all } as const;
};
writeFileSync(
  outPath,
  writeNpz({
    original: matrix(rows.original),
    flipped: matrix(rows.flipped),
    issame: { type: 'bool', shape: [same.length], data: same },
  }),
);
console.log(`${images.length} images, ${same.length} pairs -> ${outPath}`);
