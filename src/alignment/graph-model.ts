import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';

/** The two files of a graph model: model.json and its weights. */
export interface GraphFiles {
  readonly json: Uint8Array;
  readonly weights: ArrayBuffer;
}

/** Opens a graph model of bytes that are here; the engine has to be open. */
export async function openGraph({ json, weights }: GraphFiles): Promise<GraphModel> {
  const { modelTopology, weightsManifest, format, signature }: io.ModelJSON = JSON.parse(
    new TextDecoder().decode(json),
  );
  return loadGraphModel({
    load: async () => ({
      modelTopology,
      format: format ?? 'graph-model',
      ...(signature ? { signature } : {}),
      weightSpecs: weightsManifest.flatMap(({ weights: specs }) => specs),
      weightData: weights,
    }),
  });
}
