import { z } from 'zod';
import { type Budget, OBJECT_BYTES } from './budget.ts';
import { type ElementType, floatsOf, integersOf } from './element-types.ts';
import { joinBytes } from './join-bytes.ts';
import { FormatProblem } from './problem.ts';
import { elementCount } from './shape.ts';

/** A weight of a TensorFlow.js model, in C order. */
export interface TfjsTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its element type in TensorFlow's word. */
  readonly type: string;
  /** Its numbers as float32, quantisation undone; undefined for whole numbers, truth values and texts. */
  floats(): Float32Array<ArrayBuffer> | undefined;
  /** Its numbers where they are whole, or truth values. */
  wholes(): Float64Array | undefined;
}

const quantizationSchema = z.object({
  dtype: z.enum(['uint8', 'uint16', 'float16']),
  scale: z.number().optional(),
  min: z.number().optional(),
});
const weightSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().min(0)).max(16),
  dtype: z.enum(['float32', 'int32', 'bool', 'uint8', 'float16', 'complex64', 'string']),
  quantization: quantizationSchema.optional(),
});
const manifestSchema = z.array(z.object({ paths: z.array(z.string()), weights: z.array(weightSchema) }));

/** `weightsManifest` of a model.json, or the whole of an older weights manifest. */
export type TfjsManifest = z.infer<typeof manifestSchema>;
type WeightSpec = z.infer<typeof weightSchema>;

const BYTES = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2, complex64: 8 } as const;

/** The manifest in a value from JSON; undefined where it is none. */
export function parseManifest(value: unknown): TfjsManifest | undefined {
  const parsed = manifestSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/**
 * Places the manifest's weights in its binary files (tfjs-core io_utils.ts: raw little-endian numbers in manifest order,
 * without padding, a group's files joined). `shardOf` finds a file by its path in the manifest.
 * @throws FormatProblem where a file is missing or too short
 */
export function readTfjsWeights(
  manifest: TfjsManifest,
  shardOf: (path: string) => Uint8Array | undefined,
  budget: Budget,
): readonly TfjsTensor[] {
  const used = manifest.flatMap(({ paths }) => paths);
  if (new Set(used).size < used.length) {
    // A file named again and again would ask for any memory.
    throw new FormatProblem('inconsistent', 'The manifest names a weight file twice.', 'Export the model again.');
  }
  return manifest.flatMap(({ paths, weights }) => {
    const shards = paths.map((path) => {
      const shard = shardOf(path);
      if (shard !== undefined) return shard;
      throw new FormatProblem(
        'truncated',
        `The weights are in "${path.slice(0, 80)}", which is not there.`,
        'Drop the .json file together with its .bin files.',
      );
    });
    if (shards.length > 1)
      budget.charge(
        shards.reduce((sum, { length }) => sum + length, 0),
        'its weights',
      );
    budget.charge(4 * OBJECT_BYTES * weights.length, 'its weights');
    const data = joined(shards);
    let offset = 0;
    return weights.map((weight) => {
      const start = offset;
      const size = sizeOf(weight);
      if (!Number.isSafeInteger(size) || start + size > data.length) {
        throw new FormatProblem(
          'truncated',
          `"${weight.name.slice(0, 80)}" should end at byte ${start + size} of the weights, which have ${data.length}.`,
          'Copy the .bin files again, all of them.',
        );
      }
      offset = start + size;
      const bytes = data.subarray(start, offset);
      const { name, shape, dtype: type } = weight;
      return { name, shape, type, floats: () => decode(weight, bytes), wholes: () => wholesOf(weight, bytes) };
    });
  });
}

function sizeOf({ name, dtype, shape, quantization }: WeightSpec): number {
  const stored = quantization?.dtype ?? dtype;
  if (stored === 'string') {
    throw new FormatProblem(
      'unsupported',
      `"${name.slice(0, 80)}" holds texts, which are not read.`,
      'Export the model without them.',
    );
  }
  return elementCount(shape) * BYTES[stored];
}

function decode({ dtype, shape, quantization }: WeightSpec, bytes: Uint8Array): Float32Array<ArrayBuffer> | undefined {
  if (dtype !== 'float32' && dtype !== 'float16') return undefined;
  const stored = quantization?.dtype ?? dtype;
  if (stored === 'float32') return floatsOf({ type: 'F32', shape, bytes });
  if (stored === 'float16') return floatsOf({ type: 'F16', shape, bytes });
  const { scale = 1, min = 0 } = quantization ?? {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = stored === 'uint16';
  return Float32Array.from(
    { length: elementCount(shape) },
    (_, i) =>
      // The product in double precision, then rounded once, as tfjs does it.
      (wide ? view.getUint16(2 * i, true) : view.getUint8(i)) * scale + min,
  );
}

function wholesOf({ dtype, shape, quantization }: WeightSpec, bytes: Uint8Array): Float64Array | undefined {
  const type = quantization === undefined ? WHOLE[dtype] : undefined;
  return integersOf({ type, shape, bytes });
}

const WHOLE: Readonly<Record<string, ElementType>> = { int32: 'I32', bool: 'BOOL', uint8: 'U8' };

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : joinBytes(parts);
}
