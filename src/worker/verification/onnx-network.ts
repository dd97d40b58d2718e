import wasmFile from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { FACE_CHANNELS, faceAt } from '../../faces/face-set.ts';
import type { FaceEmbeddings } from '../../training/embed-faces.ts';
import type { FaceEmbedder } from '../../training/score-benchmark.ts';
import { nextTask } from '../../training/task.ts';
import { OnnxProblem } from './onnx-problem.ts';
import type { InputCoding } from './protocol.ts';

/** How the model wants its images. */
interface Input {
  readonly name: string;
  readonly order: 'NCHW' | 'NHWC';
  readonly size: number;
  /** Images a run: what the model fixes, else as many as are quick on one thread. */
  readonly batch: number;
}

const BATCH = 16;
const TEMPLATE_SIZE = 112;
const LARGEST_SIZE = 512;
const LARGEST_EMBEDDING = 16_384;

/**
 * Any ONNX model of a face network, run by ONNX Runtime's WebAssembly on this thread. The .wasm comes from our own
 * origin; no other worker is started, so that a strict content security policy and a page without isolation will do.
 */
export class OnnxNetwork {
  readonly dimension: number;
  readonly #session: InferenceSession;
  readonly #input: Input;

  private constructor(session: InferenceSession, input: Input, dimension: number) {
    this.#session = session;
    this.#input = input;
    this.dimension = dimension;
  }

  /** Width and height of its images. */
  get size(): number {
    return this.#input.size;
  }

  /** @throws OnnxProblem where the model cannot be run, or is no face network */
  static async open(bytes: Uint8Array): Promise<OnnxNetwork> {
    env.wasm.numThreads = 1;
    env.wasm.proxy = false;
    env.wasm.wasmPaths = { wasm: wasmFile };
    env.logLevel = 'error';
    let session: InferenceSession;
    try {
      session = await InferenceSession.create(bytes, { executionProviders: ['wasm'] });
    } catch (error) {
      const technical = error instanceof Error ? error.message : String(error);
      throw new OnnxProblem(`ONNX Runtime cannot run this model: ${technical}`);
    }
    try {
      const input = inputOf(session);
      const grey = new Uint8Array(input.size * input.size * FACE_CHANNELS).fill(127);
      const output = await run(session, input, [grey], { scaling: '127.5', colours: 'RGB' }, false);
      const dimension = output.length / input.batch;
      if (!Number.isInteger(dimension) || dimension < 2 || dimension > LARGEST_EMBEDDING) {
        throw new OnnxProblem(`The model's output has ${output.length} numbers, which is no embedding of an image.`);
      }
      return new OnnxNetwork(session, input, dimension);
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /** The network with its input coded in this way. */
  coded(coding: InputCoding): FaceEmbedder {
    const { dimension } = this;
    return {
      dimension,
      embedFaces: async (faces, indices): Promise<FaceEmbeddings> => {
        const original = new Float32Array(indices.length * dimension);
        const flipped = new Float32Array(indices.length * dimension);
        const { batch } = this.#input;
        for (let first = 0; first < indices.length; first += batch) {
          const some = [...indices.subarray(first, first + batch)].map((index) => faceAt(faces, index));
          for (const [mirrored, target] of [
            [false, original],
            [true, flipped],
          ] as const) {
            const output = await run(this.#session, this.#input, some, coding, mirrored);
            target.set(output.subarray(0, some.length * dimension), first * dimension);
          }
          // Lets a cancel in: ONNX Runtime never leaves the thread.
          await nextTask();
        }
        return { original, flipped, dimension };
      },
    };
  }

  close(): Promise<void> {
    return this.#session.release();
  }
}

/** @throws OnnxProblem */
function inputOf({ inputMetadata }: InferenceSession): Input {
  const [input] = inputMetadata;
  if (inputMetadata.length !== 1 || input === undefined || !input.isTensor) {
    throw new OnnxProblem(`The model has ${inputMetadata.length} inputs, not one image.`);
  }
  const { name, type, shape } = input;
  const [images, second, third, fourth] = shape;
  const order = second === FACE_CHANNELS ? 'NCHW' : fourth === FACE_CHANNELS ? 'NHWC' : undefined;
  if (type !== 'float32' || shape.length !== 4 || order === undefined) {
    throw new OnnxProblem(`The model's input is ${type} [${shape.join(', ')}], not colour images of float32.`);
  }
  const [height, width] = order === 'NCHW' ? [third, fourth] : [second, third];
  const size = typeof height === 'number' && height > 0 ? height : TEMPLATE_SIZE;
  if ((typeof width === 'number' && width > 0 ? width : size) !== size || size > LARGEST_SIZE || size < 8) {
    throw new OnnxProblem(
      `The model's images are ${width} x ${height}; square ones from 8 to ${LARGEST_SIZE} are run.`,
    );
  }
  return { name, order, size, batch: typeof images === 'number' && images > 0 ? images : BATCH };
}

/** Embeddings of a batch, [batch * dimension]; the places of missing images hold zeros before they go in. */
async function run(
  session: InferenceSession,
  { name, order, size, batch }: Input,
  images: readonly Uint8Array[],
  coding: InputCoding,
  mirrored: boolean,
): Promise<Float32Array> {
  const area = size * size;
  const values = new Float32Array(batch * area * FACE_CHANNELS);
  const [centre, divisor] = coding.scaling === '128' ? [127, 128] : [127.5, 127.5];
  for (const [place, image] of images.entries()) {
    const start = place * area * FACE_CHANNELS;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const from = (y * size + (mirrored ? size - 1 - x : x)) * FACE_CHANNELS;
        for (let channel = 0; channel < FACE_CHANNELS; channel++) {
          const value = ((image[from + channel] ?? 0) - centre) / divisor;
          const plane = coding.colours === 'BGR' ? FACE_CHANNELS - 1 - channel : channel;
          const pixel = y * size + x;
          values[start + (order === 'NCHW' ? plane * area + pixel : pixel * FACE_CHANNELS + plane)] = value;
        }
      }
    }
  }
  const shape = order === 'NCHW' ? [batch, FACE_CHANNELS, size, size] : [batch, size, size, FACE_CHANNELS];
  const outputName = session.outputNames[0] ?? '';
  try {
    const outputs = await session.run({ [name]: new Tensor('float32', values, shape) }, [outputName]);
    const data = outputs[outputName]?.data;
    if (data instanceof Float32Array) return data;
  } catch (error) {
    const technical = error instanceof Error ? error.message : String(error);
    throw new OnnxProblem(`ONNX Runtime failed in this model: ${technical}`);
  }
  throw new OnnxProblem("The model's output holds no float32 numbers.");
}
