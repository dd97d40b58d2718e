import type { Budget } from '../../formats/budget.ts';
import { type OnnxValueInfo, readOnnx } from '../../formats/onnx.ts';
import { FormatProblem } from '../../formats/problem.ts';
import { type ModelFile, nameOf } from './model-files.ts';

/** Numbers of an embedding, as face networks have them. */
const SMALLEST_EMBEDDING = 128;
const LARGEST_EMBEDDING = 1024;

/** The sizes that embeddings have in the field; 1,000 are classes, 136 and 212 points of a face. */
const USUAL: ReadonlySet<number> = new Set([128, 192, 256, 320, 384, 512, 768, 1024]);

/** The other models of InsightFace's packs: detectors, landmarks, gender and age. */
const OTHERS_OF_PACKS = /^(det_|scrfd|1k3d68|2d106det|genderage|retinaface)/i;

/** Whether an output is [N, 128 to 1024]: an embedding of each image. */
function isEmbedding({ shape }: OnnxValueInfo): boolean {
  const size = shape?.[1];
  return shape?.length === 2 && typeof size === 'number' && size >= SMALLEST_EMBEDDING && size <= LARGEST_EMBEDDING;
}

/** ONNX models, those that look most like a face network first. @throws FormatProblem `too-large` */
export function byLikeness<File extends ModelFile>(models: readonly File[], budget: Budget): readonly File[] {
  if (models.length < 2) return models;
  const likeness = new Map(models.map((file) => [file, faceNetworkLikeness(file, budget)] as const));
  return models.toSorted((a, b) => (likeness.get(b) ?? 0) - (likeness.get(a) ?? 0));
}

/** How much an ONNX model looks like a face network, by its outputs and then by its name; 0 for a damaged file. */
function faceNetworkLikeness({ bytes, name }: ModelFile, budget: Budget): number {
  try {
    const { outputs } = readOnnx(bytes, budget);
    const byOutput = outputs.length === 1 && outputs.every(isEmbedding) ? 4 : outputs.some(isEmbedding) ? 2 : 0;
    const isUsual = outputs.some((output) => isEmbedding(output) && USUAL.has(Number(output.shape?.[1])));
    return 1 + byOutput + (isUsual ? 2 : 0) - (OTHERS_OF_PACKS.test(nameOf(name)) ? 1 : 0);
  } catch (error) {
    if (error instanceof FormatProblem && error.code !== 'too-large') return 0;
    throw error;
  }
}
