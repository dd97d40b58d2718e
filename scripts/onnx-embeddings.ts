import * as ort from 'onnxruntime-web';
import sharp from 'sharp';
import type { NpyArray } from '../src/formats/npy.ts';

/** Embeddings of pairs by a model that others trained, as `npm run verify -- --embeddings` reads them. */
export interface OnnxEmbeddings {
  readonly original: NpyArray;
  readonly flipped: NpyArray;
}

/**
 * Embeds encoded images and their mirror images with ONNX Runtime, one by one: RGB, (value - 127) / 128, [1, 3, S, S].
 * Both arrays are float32 [images, dimension].
 */
export async function onnxEmbeddings(model: string, images: readonly Uint8Array[]): Promise<OnnxEmbeddings> {
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1 });
  const [inputName = 'data'] = session.inputNames;
  const [outputName = 'output'] = session.outputNames;
  const embed = async (pixels: Float32Array, size: number): Promise<Float32Array> => {
    const outputs = await session.run({ [inputName]: new ort.Tensor('float32', pixels, [1, 3, size, size]) });
    const data = outputs[outputName]?.data;
    if (!(data instanceof Float32Array)) throw new Error(`${outputName} is no float32 tensor.`);
    return data;
  };
  const rows: { readonly original: Float32Array[]; readonly flipped: Float32Array[] } = { original: [], flipped: [] };
  for (const image of images) {
    const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    rows.original.push(await embed(planes(data, info.width, false), info.width));
    rows.flipped.push(await embed(planes(data, info.width, true), info.width));
  }
  return { original: matrix(rows.original), flipped: matrix(rows.flipped) };
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

function matrix(embeddings: readonly Float32Array[]): NpyArray {
  const dimension = embeddings[0]?.length ?? 0;
  const data = new Float32Array(embeddings.length * dimension);
  embeddings.forEach((embedding, i) => {
    data.set(embedding, i * dimension);
  });
  return { type: 'float32', shape: [embeddings.length, dimension], data };
}
