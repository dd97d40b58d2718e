import type { Budget } from './budget.ts';
import { type OnnxTensor, readOnnxTensor } from './onnx-tensor.ts';
import { FormatProblem } from './problem.ts';
import { message, repeatedInts } from './protobuf-fields.ts';
import { elementCount, stridesOf } from './shape.ts';

const BYTES = 8;

/** Reads a SparseTensorProto: numbers, their places, and the shape of the whole, which is zero elsewhere. @throws FormatProblem */
export function readOnnxSparseTensor(bytes: Uint8Array, budget: Budget): OnnxTensor {
  const shape: number[] = [];
  let numbers: OnnxTensor | undefined;
  let places: OnnxTensor | undefined;
  message(bytes, 'ONNX model', budget, {
    1: (reader) => {
      numbers = readOnnxTensor(reader.bytes(), budget);
    },
    2: (reader) => {
      places = readOnnxTensor(reader.bytes(), budget);
    },
    3: repeatedInts(shape, budget),
  });
  const { name = '', type = 'no type', external } = numbers ?? {};
  return {
    name,
    shape,
    type: type.startsWith('type') ? type : `sparse ${type}`,
    external,
    values: (other) => {
      if (numbers === undefined || places === undefined) throw damaged(name, 'lacks its numbers or their places');
      if (places.external !== undefined) throw damaged(name, 'has the places of its numbers in another file');
      budget.charge(BYTES * elementCount(shape), 'its sparse weights');
      return dense(name, shape, numbers.values(other), places);
    },
  };
}

function dense(
  name: string,
  shape: readonly number[],
  numbers: ReturnType<OnnxTensor['values']>,
  places: OnnxTensor,
): ReturnType<OnnxTensor['values']> {
  const size = elementCount(shape);
  const whole = numbers instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  const found = places.values();
  // One place in the whole for each number, or its index along each axis.
  const steps = places.shape.length === 2 ? stridesOf(shape) : [1];
  const limits = places.shape.length === 2 ? shape : [size];
  if (found.length !== numbers.length * steps.length) {
    throw damaged(name, `has ${numbers.length} numbers and ${found.length} indices of their places`);
  }
  for (const [at, number] of numbers.entries()) {
    let place = 0;
    for (const [axis, step] of steps.entries()) {
      const index = found[at * steps.length + axis] ?? Number.NaN;
      if (!(index >= 0 && index < (limits[axis] ?? 0))) throw damaged(name, `has a number outside of its shape`);
      place += index * step;
    }
    whole[place] = number;
  }
  return whole;
}

function damaged(name: string, fault: string): FormatProblem {
  return new FormatProblem(
    'inconsistent',
    `The sparse weight "${name.slice(0, 80)}" ${fault}.`,
    'Export the model again.',
  );
}
