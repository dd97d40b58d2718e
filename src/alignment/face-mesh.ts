import type { GraphModel } from '@tensorflow/tfjs-converter';
import { type Tensor, tensor4d } from '@tensorflow/tfjs-core';
import type { FivePoints } from '../faces/import/similarity.ts';

/** Width and height of its input. */
export const MESH_SIZE = 192;
const POINTS = 468;

/**
 * Points of the mesh whose mean is each of the five: the upper lid of an eye, the tip of the nose, a corner of the mouth; as
 * they lie in the picture from left to right. Of other points of the eye (its corners, all its lids) the mean lies 1 to 2
 * pixels lower in aligned faces than the template's.
 */
const FIVE: readonly (readonly number[])[] = [[159, 160, 158], [386, 387, 385], [4], [61], [291]];

/** Five points of a face, and how sure the network is that there is one, 0 to 1. */
export interface MeshFace {
  /** In the pixels of its input. */
  readonly points: FivePoints;
  readonly score: number;
}

/**
 * The five points of the face that fills a picture, RGB [192, 192, 3].
 * FaceMesh (Kartynnik et al. 2019, arXiv:1907.06724), as @vladmandic/human has it.
 */
export async function meshFace(model: GraphModel, picture: Uint8Array): Promise<MeshFace> {
  const input = tensor4d(
    Float32Array.from(picture, (value) => value / 255),
    [1, MESH_SIZE, MESH_SIZE, 3],
  );
  const outputs = model.execute(input);
  const tensors: readonly Tensor[] = Array.isArray(outputs) ? outputs : [outputs];
  try {
    const mesh = await tensors.find(({ size }) => size === 3 * POINTS)?.data();
    const sure = await tensors.find(({ size }) => size === 1)?.data();
    if (mesh === undefined || sure === undefined) throw new Error('The mesh of the face has other outputs.');
    const mean = (of: readonly number[], axis: number) =>
      of.reduce((sum, point) => sum + (mesh[3 * point + axis] ?? 0), 0) / of.length;
    const [a = [], b = [], c = [], d = [], e = []] = FIVE;
    const points: FivePoints = [
      mean(a, 0),
      mean(a, 1),
      mean(b, 0),
      mean(b, 1),
      mean(c, 0),
      mean(c, 1),
      mean(d, 0),
      mean(d, 1),
      mean(e, 0),
      mean(e, 1),
    ];
    return { points, score: sure[0] ?? 0 };
  } finally {
    for (const tensor of [input, ...tensors]) tensor.dispose();
  }
}
