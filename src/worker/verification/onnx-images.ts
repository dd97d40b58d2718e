import { type InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { formatNumber } from '../../config/quantity.ts';
import { FACE_CHANNELS } from '../../faces/face-set.ts';
import { halfBits } from '../../formats/half.ts';
import { OnnxProblem } from './onnx-problem.ts';
import type { InputCoding, Scaling } from './protocol.ts';

/** How a model wants its images. */
export interface OnnxInput {
  readonly name: string;
  readonly type: 'float32' | 'float16' | 'uint8';
  readonly order: 'NCHW' | 'NHWC';
  readonly height: number;
  readonly width: number;
  /** Images a run where the model fixes their number. */
  readonly images: number | undefined;
}

const TEMPLATE_SIZE = 112;
const LARGEST_SIZE = 512;
/**
 * The numbers of all images of a run, where the model fixes how many it takes: 445 of 112 × 112. Their tensor is held here
 * and again by ONNX Runtime.
 */
const MOST_NUMBERS = 2 ** 24;
const TYPES = ['float32', 'float16', 'uint8'] as const;

/** (x - centre) / divisor of a byte. */
const SCALINGS: Readonly<Record<Scaling, readonly [centre: number, divisor: number]>> = {
  '127.5': [127.5, 127.5],
  '128': [127, 128],
  '0-255': [0, 1],
  '0-1': [0, 255],
};

/** A coding of which nothing is left open. */
export interface KnownCoding extends InputCoding {
  readonly scaling: Scaling;
}

/** @throws OnnxProblem where the model takes no colour images of faces */
export function inputOf({ inputMetadata }: InferenceSession): OnnxInput {
  const [input] = inputMetadata;
  if (inputMetadata.length !== 1 || input === undefined || !input.isTensor) {
    throw new OnnxProblem(`The model has ${inputMetadata.length} inputs, not one image.`);
  }
  const { name, shape } = input;
  const [images, second, third, fourth] = shape;
  const order = second === FACE_CHANNELS ? 'NCHW' : fourth === FACE_CHANNELS ? 'NHWC' : undefined;
  const type = TYPES.find((known) => known === input.type);
  if (type === undefined || shape.length !== 4 || order === undefined) {
    throw new OnnxProblem(
      `The model's input is ${input.type} [${shape.join(', ')}], not colour images of ${TYPES.join(', ')}.`,
    );
  }
  const [given, across] = order === 'NCHW' ? [third, fourth] : [second, third];
  const height = typeof given === 'number' && given > 0 ? given : TEMPLATE_SIZE;
  const width = typeof across === 'number' && across > 0 ? across : height;
  // SphereFace and CosFace align to 112 × 96, the ArcFace template without eight columns on either side.
  const narrow = 7 * width === 6 * height;
  if ((width !== height && !narrow) || height > LARGEST_SIZE || height < 8) {
    throw new OnnxProblem(
      `The model's images are ${height} high and ${width} wide; square ones from 8 to ${LARGEST_SIZE} and 112 × 96 are run.`,
    );
  }
  const fixed = typeof images === 'number' && images > 0 ? images : undefined;
  const most = Math.floor(MOST_NUMBERS / (height * width * FACE_CHANNELS));
  if (fixed !== undefined && fixed > most) {
    throw new OnnxProblem(
      `The model takes ${formatNumber(fixed)} images at a time; at most ${most} of its size are run. Export it for one.`,
    );
  }
  return { name, type, order, height, width, images: fixed };
}

/**
 * Images as the model takes them. They are [height, height, 3]; of a narrower model the middle is cut out. Places beyond
 * the images hold zeros.
 */
export function imageTensor(
  { type, order, height, width }: OnnxInput,
  images: readonly Uint8Array[],
  count: number,
  { scaling, colours }: KnownCoding,
  mirrored: boolean,
): Tensor {
  const area = height * width;
  const left = (height - width) >> 1;
  const [centre, divisor] = SCALINGS[scaling];
  const coded = Float32Array.from({ length: 256 }, (_, byte) => (type === 'uint8' ? byte : (byte - centre) / divisor));
  const table = type === 'float16' ? Uint16Array.from(coded, halfBits) : coded;
  const size = count * area * FACE_CHANNELS;
  const values =
    type === 'float16' ? new Uint16Array(size) : type === 'uint8' ? new Uint8Array(size) : new Float32Array(size);
  for (const [place, image] of images.entries()) {
    const start = place * area * FACE_CHANNELS;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = (y * height + left + (mirrored ? width - 1 - x : x)) * FACE_CHANNELS;
        for (let channel = 0; channel < FACE_CHANNELS; channel++) {
          const plane = colours === 'BGR' ? FACE_CHANNELS - 1 - channel : channel;
          const pixel = y * width + x;
          const to = order === 'NCHW' ? plane * area + pixel : pixel * FACE_CHANNELS + plane;
          values[start + to] = table[image[from + channel] ?? 0] ?? 0;
        }
      }
    }
  }
  const shape = order === 'NCHW' ? [count, FACE_CHANNELS, height, width] : [count, height, width, FACE_CHANNELS];
  if (values instanceof Uint16Array) return new Tensor('float16', values, shape);
  return values instanceof Uint8Array ? new Tensor('uint8', values, shape) : new Tensor('float32', values, shape);
}
