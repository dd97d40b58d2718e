import type { NamedAttrMap, NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** The arguments of a tfjs kernel; attrs are always given by our operations. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap;
  readonly backend: unknown;
  readonly attrs?: NamedAttrMap;
}

/** The input of this name; throws where the caller left it out. */
export function inputOf(call: KernelCall, name: string): TensorInfo {
  const input = call.inputs[name];
  if (input === undefined) throw new Error(`A kernel needs an input "${name}"; it got ${Object.keys(call.inputs)}.`);
  return input;
}

/** The same as a tensor, for kernels that call tfjs operations. */
export function tensorOf<T extends Tensor = Tensor>(call: KernelCall, name: string): T {
  // `engine().runKernel` hands kernels the very tensors it was called with; tfjs only types them as TensorInfo.
  return inputOf(call, name) as T;
}

/** The same, or undefined where the caller left it out. */
export function optionalTensorOf<T extends Tensor = Tensor>(call: KernelCall, name: string): T | undefined {
  return call.inputs[name] === undefined ? undefined : tensorOf(call, name);
}

/** The attribute of this name, a number; throws where it is something else. */
export function numberOf(call: KernelCall, name: string): number {
  const value = call.attrs?.[name];
  if (typeof value !== 'number') throw new Error(`A kernel needs a number "${name}"; it got ${String(value)}.`);
  return value;
}

/** The attribute of this name, a text; throws where it is something else. */
export function textOf(call: KernelCall, name: string): string {
  const value = call.attrs?.[name];
  if (typeof value !== 'string') throw new Error(`A kernel needs a text "${name}"; it got ${String(value)}.`);
  return value;
}

/** The attribute of this name, a list of numbers such as a shape; throws where it is something else. */
export function numbersOf(call: KernelCall, name: string): number[] {
  const value = call.attrs?.[name];
  if (!Array.isArray(value)) throw new Error(`A kernel needs numbers "${name}"; it got ${String(value)}.`);
  return value.map(Number);
}

/** The attribute of this name, a list of yes and no; throws where it is something else. */
export function flagsOf(call: KernelCall, name: string): boolean[] {
  const value = call.attrs?.[name];
  if (!Array.isArray(value)) throw new Error(`A kernel needs flags "${name}"; it got ${String(value)}.`);
  return value.map(Boolean);
}
