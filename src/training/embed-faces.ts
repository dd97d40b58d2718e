import { type Tensor2D, type Tensor4D, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { nextTask } from '../config/next-task.ts';
import { FACE_CHANNELS, type FaceSet, faceAt } from '../faces/face-set.ts';
import { facesToBatch } from '../kernels/operations.ts';
import type { FaceEmbedder } from './score-benchmark.ts';

/** Images a forward pass; constant, so that no shader is compiled for a remainder. */
export const EMBED_BATCH = 64;

/** A model that can be verified: a `FaceNetwork`, or another that gives embeddings of images in -1 to 1. */
export interface EmbeddingNetwork {
  readonly architecture: { readonly embeddingSize: number };
  /** [N, S, S, 3] to [N, embeddingSize]; called within a `tidy`. */
  embed(images: Tensor4D): Tensor2D;
}

/** Raw embeddings of faces and of their mirror images. */
export interface FaceEmbeddings {
  /** [count, dimension] */
  readonly original: Float32Array<ArrayBuffer>;
  readonly flipped: Float32Array<ArrayBuffer>;
  readonly dimension: number;
}

/** A tfjs network as a benchmark takes it. */
export function embedderOf(network: EmbeddingNetwork): FaceEmbedder {
  return {
    dimension: network.architecture.embeddingSize,
    imagesAtATime: EMBED_BATCH,
    embedFaces: (faces, indices) => embedFaces(network, faces, indices),
  };
}

/** Embeds the chosen images of a set in inference mode, with the flip test's mirror images. */
export async function embedFaces(
  network: EmbeddingNetwork,
  faces: Pick<FaceSet, 'images' | 'size'>,
  indices: Int32Array,
): Promise<FaceEmbeddings> {
  const { size } = faces;
  const dimension = network.architecture.embeddingSize;
  const original = new Float32Array(indices.length * dimension);
  const flipped = new Float32Array(indices.length * dimension);
  const imageBytes = size * size * FACE_CHANNELS;
  const packed = new Int32Array((EMBED_BATCH * imageBytes) / 4);
  const bytes = new Uint8Array(packed.buffer);
  for (let first = 0; first < indices.length; first += EMBED_BATCH) {
    const count = Math.min(EMBED_BATCH, indices.length - first);
    for (let row = 0; row < count; row++) bytes.set(faceAt(faces, indices[first + row] ?? 0), row * imageBytes);
    for (const [mirrored, target] of [
      [0, original],
      [1, flipped],
    ] as const) {
      const embeddings = tidy(() => {
        const placement = new Int32Array(EMBED_BATCH * 3).map((_, at) => (at % 3 === 0 ? mirrored : 0));
        const images = facesToBatch(tensor1d(packed, 'int32'), tensor2d(placement, [EMBED_BATCH, 3], 'int32'), [
          EMBED_BATCH,
          size,
          size,
          FACE_CHANNELS,
        ]);
        return network.embed(images);
      });
      const values = await embeddings.data<'float32'>();
      embeddings.dispose();
      target.set(values.subarray(0, count * dimension), first * dimension);
      await nextTask();
    }
  }
  return { original, flipped, dimension };
}
