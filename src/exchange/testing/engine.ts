import { tensor4d } from '@tensorflow/tfjs-core';
import { architectureOf } from '../../network/architecture.ts';
import { openEngine } from '../../network/backend.ts';
import { FaceNetwork } from '../../network/face-network.ts';
import { recipeOf } from '../../network/recipe.ts';
import type { TrainedNetwork } from '../export/trained-network.ts';

/** The embeddings that the playground's own network gives for images [count, size, size, 3], on plain JavaScript. */
export async function embeddingsOf(trained: TrainedNetwork, images: Float32Array): Promise<Float32Array> {
  await openEngine({ preference: 'cpu' });
  return ownEmbeddings(trained, images);
}

/** The same on the engine that is open. */
export async function ownEmbeddings(trained: TrainedNetwork, images: Float32Array): Promise<Float32Array> {
  const { config, state } = trained;
  const size = config.imageSize;
  const classes = state.get('head.weight')?.shape[0] ?? 0;
  const network = FaceNetwork.create(architectureOf(config, classes), recipeOf(config), config.seed);
  network.importState(state);
  const batch = tensor4d(images, [images.length / (size * size * 3), size, size, 3]);
  const embeddings = network.embed(batch);
  const values = await embeddings.data<'float32'>();
  embeddings.dispose();
  batch.dispose();
  network.dispose();
  return new Float32Array(values);
}

/** [count, size, size, 3] to [count, 3, size, size]. */
export function nchw(images: Float32Array, size: number): Float32Array<ArrayBuffer> {
  const area = size * size;
  return Float32Array.from({ length: images.length }, (_, i) => {
    const image = Math.floor(i / (3 * area));
    const channel = Math.floor(i / area) % 3;
    return images[(image * area + (i % area)) * 3 + channel] ?? 0;
  });
}
