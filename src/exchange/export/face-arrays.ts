import { FACE_CHANNELS, type FaceSet, faceAt } from '../../faces/face-set.ts';
import { writeNpz } from '../../formats/npz.ts';

/**
 * Some faces of a set as .npz, images uint8 [N, S, S, 3] and labels int32 [N]: the input of the PyTorch bundle's
 * train.py. With the indices and labels a run trains on (`splitIdentities`), the bundle's head fits them.
 */
export function exportFaces(faces: FaceSet, indices: Int32Array, labels: Int32Array): Uint8Array<ArrayBuffer> {
  const bytes = faces.size * faces.size * FACE_CHANNELS;
  const images = new Uint8Array(indices.length * bytes);
  for (const [row, index] of indices.entries()) images.set(faceAt(faces, index), row * bytes);
  return writeNpz({
    images: { type: 'uint8', shape: [indices.length, faces.size, faces.size, FACE_CHANNELS], data: images },
    labels: { type: 'int32', shape: [labels.length], data: new Int32Array(labels) },
  });
}
