import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelCall } from '../kernel-call.ts';

/** Numbers per load of a buffer: 4 where rows are a multiple of four long, so that loads are whole vectors. */
export type Lanes = 1 | 4;

/** A buffer a program reads, under the name its WGSL has for it. */
export interface ProgramInput {
  readonly tensor: TensorInfo;
  readonly lanes?: Lanes;
}

/**
 * One dispatch. The WGSL is a function of `constants` alone: they are its pipeline's key, together with the name and
 * the lanes of its buffers. `code(constants)` defines `fn compute(index : i32)`, called for every index from 0 to
 * `invocations` - 1; it reads all of its inputs by name (a buffer it left out would be missing from the pipeline's
 * layout), and writes `result`.
 */
export interface Dispatch<Constants> {
  /** In profiles and in error messages of the driver. */
  readonly name: string;
  readonly constants: Constants;
  readonly code: (constants: Constants) => string;
  readonly inputs: Readonly<Record<string, ProgramInput>>;
  readonly invocations: number;
  readonly outputShape: readonly number[];
  readonly outputLanes?: Lanes;
  /** Numbers that change from call to call, read in WGSL as `uniforms.name`, an f32. */
  readonly uniforms?: Readonly<Record<string, number>>;
  /**
   * The same as i32. Sizes go here where they only bound loops and place tiles: layers of different size, and batches
   * of different length, then share a pipeline, and a first step waits for the compiling of pipelines.
   */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Written in place instead of a new tensor; then it is no input of its own, as `result` can be read. */
  readonly into?: TensorInfo;
}

/** Invocations in a workgroup: two warps or one wave. */
const WORKGROUP_SIZE = 64;

/**
 * The shape of an input as given to tfjs, which would declare it to the program, and make part of the pipeline's key
 * where it is that of the output.
 */
const NO_SHAPE = [2];

/** The backend a kernel was called on. */
export function webgpuOf(call: KernelCall): WebGPUBackend {
  // tfjs types it unknown; kernels.ts is registered for the backend 'webgpu' only.
  return call.backend as WebGPUBackend;
}

/** Enqueues a dispatch and returns its float32 output, which the caller owns. */
export function dispatch<Constants>(backend: WebGPUBackend, order: Dispatch<Constants>): TensorInfo {
  const entries = Object.entries(order.inputs);
  const lanes = entries.map(([, input]) => input.lanes ?? 1);
  const uniforms = Object.entries(order.uniforms ?? {});
  const sizes = Object.entries({ invocations: order.invocations, ...order.sizes });
  const size = order.outputShape.reduce((product, one) => product * one, 1);
  const program: WebGPUProgram & { constructor: { name: string } } = {
    // tfjs labels pipelines and timings with the name of the program's class.
    constructor: { name: order.name },
    shaderKey: `${order.name}${lanes}${order.outputLanes ?? 1}${JSON.stringify(order.constants)}`,
    variableNames: entries.map(([name]) => name),
    variableComponents: lanes,
    outputComponent: order.outputLanes ?? 1,
    outputShape: [size],
    // tfjs folds more groups than one dimension holds into two or three, and unfolds `index` again.
    dispatchLayout: { x: [0] },
    dispatch: [Math.ceil(order.invocations / WORKGROUP_SIZE), 1, 1],
    workgroupSize: [WORKGROUP_SIZE, 1, 1],
    uniforms: [...sizes.map(([name]) => `${name} : i32, `), ...uniforms.map(([name]) => `${name} : f32, `)].join(''),
    getUserCode: () => `${order.code(order.constants)}
fn main(index : i32) {
  if (index < uniforms.invocations) { compute(index); }
}`,
  };
  const written = backend.runWebGPUProgram(
    program,
    entries.map(([, { tensor }]) => ({ ...tensor, shape: NO_SHAPE })),
    'float32',
    [
      ...sizes.map(([, value]) => ({ type: 'int32', data: [value] })),
      ...uniforms.map(([, value]) => ({ type: 'float32', data: [value] })),
    ],
    order.into === undefined ? undefined : { ...order.into, shape: [size] },
  );
  return { ...written, shape: [...order.outputShape] };
}

/** Sends the commands that tfjs has recorded to the device. */
export function submit(backend: WebGPUBackend): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}

/** Frees the memory that a kernel allocated; the device finishes with it first. */
export function release(backend: WebGPUBackend, ...tensors: readonly TensorInfo[]): void {
  for (const { dataId } of tensors) backend.disposeData(dataId);
}

/** Numbers in a tensor. */
export function sizeOf({ shape }: TensorInfo): number {
  return shape.reduce((product, one) => product * one, 1);
}

/** Four numbers a load where a row's length allows. */
export function lanesOf(rowLength: number): Lanes {
  return rowLength % 4 === 0 ? 4 : 1;
}

/** `count` pieces of WGSL in a row, one a line. */
export function times(count: number, piece: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => piece(index)).join('\n');
}
