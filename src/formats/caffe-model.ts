import { type Budget, OBJECT_BYTES } from './budget.ts';
import { floatsOf } from './element-types.ts';
import { joinBytes } from './join-bytes.ts';
import { FormatProblem } from './problem.ts';
import { type FieldReader, message, repeatedInts } from './protobuf-fields.ts';
import { elementCount } from './shape.ts';

/** Weights of a Caffe layer. */
export interface CaffeBlob {
  readonly shape: readonly number[];
  /** @throws FormatProblem */
  floats(): Float32Array<ArrayBuffer>;
}

/** A layer of a Caffe network (caffe.proto, LayerParameter and the older V1LayerParameter). */
export interface CaffeLayer {
  readonly name: string;
  /** "Convolution"; of old files the number of the type in words where it is known. */
  readonly type: string;
  readonly bottom: readonly string[];
  readonly top: readonly string[];
  readonly blobs: readonly CaffeBlob[];
  /** Of a BatchNorm, where the file says it. */
  readonly epsilon?: number;
  /** Of a Scale or Bias, where the file says it: the axis of the blob that its own begin at. */
  readonly axis?: number;
}

const KIND = 'Caffe model';
/** V1LayerParameter.LayerType. */
const OLD_TYPES: Readonly<Record<number, string>> = {
  3: 'Concat',
  4: 'Convolution',
  5: 'Data',
  6: 'Dropout',
  8: 'Flatten',
  14: 'InnerProduct',
  15: 'LRN',
  17: 'Pooling',
  18: 'ReLU',
  19: 'Sigmoid',
  20: 'Softmax',
  21: 'SoftmaxWithLoss',
  22: 'Split',
  23: 'TanH',
  25: 'Eltwise',
  26: 'Power',
  33: 'Slice',
  39: 'Deconvolution',
};

/** Reads the layers of a `.caffemodel`. Nothing is run. @throws FormatProblem */
export function readCaffeModel(bytes: Uint8Array, budget: Budget): readonly CaffeLayer[] {
  const layers: CaffeLayer[] = [];
  message(bytes, KIND, budget, {
    2: (reader) => {
      layers.push(readLayer(reader.bytes(), budget, { name: 4, type: 5, bottom: 2, top: 3, blobs: 6 }));
    },
    100: (reader) => {
      layers.push(readLayer(reader.bytes(), budget, { name: 1, type: 2, bottom: 3, top: 4, blobs: 7 }));
    },
  });
  if (layers.length === 0) {
    throw new FormatProblem('wrong-format', 'There are no layers in this Caffe model.', 'Choose a .caffemodel.');
  }
  return layers;
}

function readLayer(
  bytes: Uint8Array,
  budget: Budget,
  fields: Readonly<Record<'name' | 'type' | 'bottom' | 'top' | 'blobs', number>>,
): CaffeLayer {
  let name = '';
  let type = '';
  const bottom: string[] = [];
  const top: string[] = [];
  const blobs: CaffeBlob[] = [];
  let settings: Pick<CaffeLayer, 'epsilon' | 'axis'> = {};
  const axisOf: FieldReader = (reader) =>
    message(reader.bytes(), KIND, budget, {
      1: (value) => {
        settings = { ...settings, axis: value.int32() };
      },
    });
  const known: Record<number, FieldReader> = {
    [fields.name]: (reader) => {
      name = reader.string();
    },
    [fields.type]: (reader, wire) => {
      if (wire === 2) type = reader.string();
      else {
        const number = reader.int32();
        type = OLD_TYPES[number] ?? `type ${number}`;
      }
    },
    [fields.bottom]: (reader) => {
      bottom.push(reader.string());
    },
    [fields.top]: (reader) => {
      top.push(reader.string());
    },
    [fields.blobs]: (reader) => {
      blobs.push(readBlob(reader.bytes(), budget));
    },
  };
  // Older layers have other fields there, and none of these types.
  const ofType: Record<number, FieldReader> =
    fields.name === 1
      ? {
          139: (reader) =>
            message(reader.bytes(), KIND, budget, {
              3: (value) => {
                settings = { ...settings, epsilon: value.float() };
              },
            }),
          141: axisOf,
          142: axisOf,
        }
      : {};
  message(bytes, KIND, budget, { ...known, ...ofType });
  return { name, type, bottom, top, blobs, ...settings };
}

function readBlob(bytes: Uint8Array, budget: Budget): CaffeBlob {
  const shape: number[] = [];
  const old = [0, 0, 0, 0];
  const parts: Uint8Array[] = [];
  let wide = false;
  const numbers =
    (size: number): FieldReader =>
    (reader, wire) => {
      wide = size === 8;
      if (wire === 2) {
        parts.push(reader.bytes());
        return;
      }
      budget.charge(OBJECT_BYTES, 'its numbers');
      const start = reader.pos;
      reader.skip(size);
      parts.push(reader.buf.subarray(start, reader.pos));
    };
  const size =
    (axis: number): FieldReader =>
    (reader) => {
      old[axis] = reader.int32();
    };
  message(bytes, KIND, budget, {
    1: size(0),
    2: size(1),
    3: size(2),
    4: size(3),
    5: numbers(4),
    7: (reader) => message(reader.bytes(), KIND, budget, { 1: repeatedInts(shape, budget) }),
    8: numbers(8),
  });
  const sizes = shape.length > 0 ? shape : old;
  return { shape: sizes, floats: () => numbersOf(parts, sizes, wide) };
}

function numbersOf(parts: readonly Uint8Array[], shape: readonly number[], wide: boolean): Float32Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const expected = elementCount(shape) * (wide ? 8 : 4);
  const values =
    length === expected ? floatsOf({ type: wide ? 'F64' : 'F32', shape, bytes: joinBytes(parts) }) : undefined;
  if (values !== undefined) return values;
  throw new FormatProblem(
    'inconsistent',
    `A layer of shape [${shape.slice(0, 8)}] takes ${expected} bytes, but has ${length}.`,
    'The file is damaged; copy it again.',
  );
}
