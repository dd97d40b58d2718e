import { env, InferenceSession, type Tensor } from 'onnxruntime-web/wasm';
import { nextTask } from '../../config/next-task.ts';
import { shown } from '../../exchange/model-problem.ts';
import { faceAt } from '../../faces/face-set.ts';
import { fromHalfBits } from '../../formats/half.ts';
import { readOnnx } from '../../formats/onnx.ts';
import type { FaceEmbeddings } from '../../training/embed-faces.ts';
import type { FaceEmbedder } from '../../training/score-benchmark.ts';
import { checkDemand } from './onnx-demand.ts';
import { imageTensor, inputOf, type KnownCoding, type OnnxInput } from './onnx-images.ts';
import { OnnxMemoryProblem, OnnxProblem } from './onnx-problem.ts';
import type { InputCoding, Scaling } from './protocol.ts';
import { countOpenModel, createWithinMemory, withinMemory } from './runtime-memory.ts';

/** Images a run where the model takes any number: as many as are quick on one thread. */
const BATCH = 16;
/** Of larger images a run takes fewer, so that it needs no more memory. */
const BATCH_PIXELS = BATCH * 112 * 112;
/** The shape of an embedding, which scores, boxes and maps do not have. */
const SMALLEST_EMBEDDING = 8;
const LARGEST_EMBEDDING = 16_384;
/** On one thread a chunk takes seconds. */
const IMAGES_AT_A_TIME = 16;

/** The bytes of a model, with the files of weights that it names, by their paths. */
export interface OnnxFiles {
  readonly bytes: Uint8Array;
  /** The values it wants where its graph normalises them. */
  readonly range: Scaling | undefined;
  readonly external: ReadonlyMap<string, Uint8Array>;
}

interface Found {
  readonly output: string;
  readonly dimension: number;
  readonly batch: number;
  readonly range: Scaling | undefined;
}

/**
 * Any ONNX model of a face network, run by ONNX Runtime's WebAssembly on this thread. The .wasm comes from our own
 * origin or disk; no other worker is started, so that a strict content security policy and a page without isolation
 * will do.
 */
export class OnnxNetwork {
  readonly dimension: number;
  /** Images a run: 1 where the model takes one at a time, even if it claims to take more. */
  readonly batch: number;
  /** The output that is taken as the embedding. */
  readonly output: string;
  /** The scaling that it asks for: by its graph, or because it takes bytes. */
  readonly scaling: Scaling | undefined;
  readonly #session: InferenceSession;
  readonly #input: OnnxInput;
  readonly #closed: () => void;
  /** `batch`, or one where so many took too much memory. */
  #atOnce: number;

  private constructor(session: InferenceSession, input: OnnxInput, found: Found, closed: () => void) {
    this.#session = session;
    this.#input = input;
    this.#closed = closed;
    this.output = found.output;
    this.dimension = found.dimension;
    this.batch = found.batch;
    this.#atOnce = found.batch;
    this.scaling = input.type === 'uint8' ? '0-255' : found.range;
  }

  /** Height of its images; they are as wide, or of 112 × 96. */
  get size(): number {
    return this.#input.height;
  }

  /** As a sentence names it: "112 px", "112 × 96 px". */
  get imageSize(): string {
    const { height, width } = this.#input;
    return height === width ? `${height} px` : `${height} × ${width} px`;
  }

  /**
   * `runtime` is the address of ONNX Runtime's .wasm file, or its bytes; `output` names the embedding where it is not to be
   * found by its likeness to one.
   * @throws OnnxProblem where the model cannot be run, is no face network, or has no embedding of that name
   */
  static async open(
    { bytes, external, range }: OnnxFiles,
    runtime: string | ArrayBuffer,
    output?: string,
  ): Promise<OnnxNetwork> {
    env.wasm.numThreads = 1;
    env.wasm.proxy = false;
    if (typeof runtime === 'string') env.wasm.wasmPaths = { wasm: runtime };
    else env.wasm.wasmBinary = runtime;
    env.logLevel = 'error';
    const externalData = [...external].map(([path, data]) => ({ path, data }));
    const closed = countOpenModel(externalData.reduce((sum, { data }) => sum + data.length, bytes.length));
    let session: InferenceSession;
    try {
      checkDemand(bytes, external);
      session = await createWithinMemory(() =>
        InferenceSession.create(bytes, { executionProviders: ['wasm'], externalData }),
      );
    } catch (error) {
      closed();
      if (error instanceof OnnxProblem) throw error;
      const technical = error instanceof Error ? error.message : String(error);
      throw new OnnxProblem(missingOperator(technical, bytes) ?? `ONNX Runtime cannot run this model: ${technical}`);
    }
    try {
      const input = inputOf(session);
      const fixed = input.images;
      const one = await runOn(session, input, testImages(input, 1), fixed ?? 1);
      const { name, dimension } = embeddingOf(one, fixed ?? 1, bytes, output);
      const most = Math.max(1, Math.min(BATCH, Math.floor(BATCH_PIXELS / (input.height * input.width))));
      const batch = fixed ?? (most > 1 && (await takesSeveral(session, input, name)) ? most : 1);
      return new OnnxNetwork(session, input, { output: name, dimension, batch, range }, closed);
    } catch (error) {
      await session.release().finally(closed);
      throw error;
    }
  }

  /** The coding with the scaling that the model asks for in the place of `auto`. */
  knownCoding({ scaling, colours }: InputCoding): KnownCoding {
    return { scaling: scaling === 'auto' ? (this.scaling ?? PLAIN.scaling) : scaling, colours };
  }

  /** The network with its input coded in this way. */
  coded(wanted: InputCoding): FaceEmbedder {
    const { dimension } = this;
    const coding = this.knownCoding(wanted);
    return {
      dimension,
      imagesAtATime: IMAGES_AT_A_TIME,
      embedFaces: async (faces, indices): Promise<FaceEmbeddings> => {
        const original = new Float32Array(indices.length * dimension);
        const flipped = new Float32Array(indices.length * dimension);
        for (let first = 0; first < indices.length; ) {
          const some = [...indices.subarray(first, first + this.#atOnce)].map((index) => faceAt(faces, index));
          try {
            await this.#embed(some, coding, [original, flipped], first * dimension);
          } catch (error) {
            if (this.#atOnce === 1 || this.#input.images !== undefined || !(error instanceof OnnxMemoryProblem))
              throw error;
            this.#atOnce = 1;
            continue;
          }
          first += some.length;
        }
        return { original, flipped, dimension };
      },
    };
  }

  /** Writes the embeddings of images and of their mirror images into `targets`, from `start` on. */
  async #embed(
    images: readonly Uint8Array[],
    coding: KnownCoding,
    targets: readonly [Float32Array, Float32Array],
    start: number,
  ): Promise<void> {
    // A model that fixes its batch gets it filled up; any other takes the images there are.
    const count = this.#input.images ?? images.length;
    for (const [side, target] of targets.entries()) {
      const how = { output: this.output, coding, mirrored: side === 1 };
      const outputs = await runOn(this.#session, this.#input, images, count, how);
      target.set(numbersOf(outputs[this.output]).subarray(0, images.length * this.dimension), start);
      // Lets a cancel in: ONNX Runtime never leaves the thread.
      await nextTask();
    }
  }

  close(): Promise<void> {
    return this.#session.release().finally(this.#closed);
  }
}

/** ONNX Runtime's build for browsers has few operators for numbers other than float32. */
function missingOperator(technical: string, bytes: Uint8Array): string | undefined {
  const [, operator, , node] =
    /Could not find an implementation for ([\w.]+)\(\d+\) node with name ('([^']*)')?/.exec(technical) ?? [];
  if (operator === undefined) return undefined;
  const double = [...readOnnx(bytes).tensors.values()].some(({ type }) => type === 'F64');
  const named = `${operator}${node ? ` ("${shown(node)}")` : ''}`;
  return double
    ? `The model computes in float64, and ONNX Runtime has no ${named} for it here. Export it in float32 (PyTorch: model.float()).`
    : `ONNX Runtime has no ${named} for this model's kind of numbers here. Export it in float32 with operators of ONNX alone.`;
}

const PLAIN: KnownCoding = { scaling: '127.5', colours: 'RGB' };

type Outputs = Readonly<Record<string, Tensor>>;

interface RunOptions {
  /** The one that is wanted; all where it is left out. */
  readonly output?: string;
  readonly coding?: KnownCoding;
  readonly mirrored?: boolean;
}

async function runOn(
  session: InferenceSession,
  input: OnnxInput,
  images: readonly Uint8Array[],
  count: number,
  { output, coding = PLAIN, mirrored = false }: RunOptions = {},
): Promise<Outputs> {
  try {
    const feeds = { [input.name]: imageTensor(input, images, count, coding, mirrored) };
    // An attempt at several images that fails is no news for a console.
    const options = { logSeverityLevel: 4 } as const;
    // Outputs are copied out of the runtime's memory: only those that are looked at.
    return await withinMemory(() =>
      output === undefined ? session.run(feeds, options) : session.run(feeds, [output], options),
    );
  } catch (error) {
    if (error instanceof OnnxProblem) throw error;
    const technical = error instanceof Error ? error.message : String(error);
    throw new OnnxProblem(`ONNX Runtime failed in this model: ${technical}`);
  }
}

/** Pictures that differ from each other, so that a mix-up between images shows. */
function testImages({ height }: OnnxInput, count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, image) =>
    Uint8Array.from({ length: height * height * 3 }, (_, i) => (i * (7 + 6 * image) + 50 * image) % 256),
  );
}

/**
 * Whether two images at a time give the same embeddings as each alone. Many exports name their batch N, but were traced
 * with one image: they fail, or mix the images.
 */
async function takesSeveral(session: InferenceSession, input: OnnxInput, output: string): Promise<boolean> {
  const images = testImages(input, 2);
  try {
    const both = numbersOf((await runOn(session, input, images, 2, { output }))[output]);
    const alone: number[] = [];
    for (const image of images) alone.push(...numbersOf((await runOn(session, input, [image], 1, { output }))[output]));
    const scale = alone.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return both.length === alone.length && both.every((value, i) => Math.abs(value - (alone[i] ?? 0)) <= 1e-3 * scale);
  } catch (error) {
    if (error instanceof OnnxProblem) return false;
    throw error;
  }
}

/** Names of outputs that are of another kind, and of those that are embeddings. */
const OTHER_OUTPUT =
  /land_?m|kps|keypoint|prob|cls|class|logit|score|softmax|box|loc|offset|age|gender|pose|angle|mask|qual/i;
const EMBEDDING_OUTPUT = /embed|embs?\b|feat|fc1|descriptor|ident/i;

/** Outputs that are shares of classes. */
function scoresOf(bytes: Uint8Array): ReadonlySet<string> {
  const { nodes } = readOnnx(bytes);
  const shares = nodes.filter(({ operator }) => /^(Log)?Softmax$|^Sigmoid$/.test(operator));
  return new Set(shares.flatMap(({ outputs }) => outputs));
}

/** Of several outputs the wanted one, else the one that is most like an embedding. @throws OnnxProblem */
function embeddingOf(
  outputs: Outputs,
  images: number,
  bytes: Uint8Array,
  wanted: string | undefined,
): { readonly name: string; readonly dimension: number } {
  // A single output is the embedding under any name.
  const scores = Object.keys(outputs).length > 1 ? scoresOf(bytes) : new Set();
  const found = Object.entries(outputs).flatMap(([name, { dims, type }]) => {
    const dimension = dims.reduce((count, size) => count * size, 1) / images;
    const usable = Number.isInteger(dimension) && dimension >= SMALLEST_EMBEDDING && dimension <= LARGEST_EMBEDDING;
    if (!usable || !/^float/.test(type)) return [];
    // [N, 128 to 1024], or the same with sides of 1 behind it.
    const flat = dims.slice(1).filter((size) => size !== 1).length === 1;
    const likely = flat && dimension >= 64 && dimension <= 4096;
    const other = OTHER_OUTPUT.test(name) || scores.has(name);
    const usual = Number.isInteger(Math.log2(dimension)) || EMBEDDING_OUTPUT.test(name);
    return [{ name, dimension, score: (flat ? 8 : 0) + (likely ? 4 : 0) + (other ? 0 : 2) + (usual ? 1 : 0) }];
  });
  const [best] = found
    .filter(({ name }) => wanted === undefined || name === wanted)
    .toSorted((a, b) => b.score - a.score);
  if (best !== undefined) return best;
  const shapes = Object.entries(outputs).map(([name, { dims }]) => `${name.slice(0, 40)} [${dims.join(', ')}]`);
  const listed = `${shapes.slice(0, 6).join(', ')}${shapes.length > 6 ? ` and ${shapes.length - 6} more` : ''}`;
  if (wanted === undefined)
    throw new OnnxProblem(`None of the model's outputs is an embedding of an image: ${listed}.`);
  const fault = Object.hasOwn(outputs, wanted) ? 'is no embedding of an image' : 'is none of the outputs of the model';
  throw new OnnxProblem(`"${shown(wanted)}" ${fault}; these are: ${listed}.`);
}

/** @throws OnnxProblem */
function numbersOf(output: Tensor | undefined): Float32Array {
  const data = output?.data;
  if (data instanceof Float32Array) return data;
  if (output?.type === 'float16' && data instanceof Uint16Array) return fromHalfBits(data);
  if (data instanceof Float64Array) return Float32Array.from(data);
  // Float16Array, where the engine has it.
  if (output?.type === 'float16' && data !== undefined) return Float32Array.from(data, Number);
  throw new OnnxProblem("The model's output holds no floating-point numbers.");
}
