import { backend, dispose, memory, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { stream } from '../../config/random.ts';
import type { BackendName } from '../register.ts';
import { switchTo } from './describe-on.ts';

/**
 * The tensors that a computation makes on a backend, as arrays. The computation makes its own inputs. Fails where
 * tensors or, beneath them, pieces of the backend's memory are left over.
 */
export async function evaluate(name: BackendName, compute: () => Tensor[]): Promise<Float32Array[]> {
  await switchTo(name);
  const before = { tensors: memory().numTensors, data: backend().numDataIds() };
  const tensors = tidy(compute);
  const values: Float32Array[] = [];
  for (const tensor of tensors) values.push(new Float32Array(await tensor.data<'float32'>()));
  dispose(tensors);
  expect({ tensors: memory().numTensors, data: backend().numDataIds() }).toEqual(before);
  return values;
}

/**
 * Expects a computation to give the same on a backend as on tfjs's cpu backend, each tensor to a share of its own
 * largest value.
 */
export async function expectLikeCpu(name: BackendName, compute: () => Tensor[], tolerance = 2e-5): Promise<void> {
  const expected = await evaluate('cpu', compute);
  const actual = await evaluate(name, compute);
  expect(actual.length).toBe(expected.length);
  for (const [index, values] of expected.entries()) expectClose(actual[index], values, tolerance, `output ${index}`);
}

/** Expects the same numbers to a share of the largest of them, or of `least` where all are smaller. */
export function expectClose(
  actual: ArrayLike<number> | undefined,
  expected: ArrayLike<number>,
  tolerance: number,
  name = 'values',
  least = 1e-6,
): void {
  expect(actual?.length, name).toBe(expected.length);
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), least);
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs((actual?.[index] ?? Number.NaN) - (expected[index] ?? Number.NaN)) / largest;
    if (!(difference <= tolerance)) {
      expect.fail(`${name} [${index}]: ${actual?.[index]} instead of ${expected[index]}, largest ${largest}`);
    }
  }
}

/** Numbers from -1 to 1, the same for the same name. */
export function numbers(count: number, name: string): Float32Array {
  const uniform = stream(0, name);
  return Float32Array.from({ length: count }, () => 2 * uniform() - 1);
}
