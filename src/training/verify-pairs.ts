import type { FaceSet } from '../faces/face-set.ts';
import type { FacePairs } from '../faces/held-out.ts';
import type { FaceNetwork } from '../network/face-network.ts';
import { flipTest, pairDistances } from '../verification/embeddings.ts';
import { type FoldAccuracy, foldAccuracy } from '../verification/folds.ts';
import { embedFaces } from './embed-faces.ts';

/** Verification accuracy of a network on pairs of a face set; every image is embedded once, with its mirror image. */
export async function verifyPairs(network: FaceNetwork, faces: FaceSet, pairs: FacePairs): Promise<FoldAccuracy> {
  const indices = Int32Array.from(new Set([...pairs.left, ...pairs.right])).sort();
  const rowOf = new Map(Array.from(indices, (index, row) => [index, row]));
  const rows = (images: Int32Array) => images.map((index) => rowOf.get(index) ?? 0);
  const { original, flipped, dimension } = await embedFaces(network, faces, indices);
  const embeddings = flipTest(original, flipped, dimension);
  return foldAccuracy(pairDistances(embeddings, dimension, rows(pairs.left), rows(pairs.right)), pairs.same);
}
