import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend, type KernelFunc, registerKernel, type TensorInfo, unregisterKernel } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall } from '../kernel-call.ts';
import type { KernelSet } from '../kernel-names.ts';
import { batchNorm, batchNormGradient, batchNormInfer } from './batch-norm.ts';
import { convolution } from './conv.ts';
import { filterGradient } from './conv-filter-gradient.ts';
import { inputGradient } from './conv-input-gradient.ts';
import { dense, denseInputGradient, denseWeightGradient } from './dense.ts';
import { facesToBatch } from './faces-to-batch.ts';
import { type Heap, memoryOf, onHeap } from './heap.ts';
import { marginSoftmax, normalizeRows, normalizeRowsGradient } from './margin-loss.ts';
import { instantiateKernels } from './module.ts';
import { ThreadTeam } from './team.ts';
import { movingAverage, sgdStep } from './update.ts';

type HeapKernel = (team: ThreadTeam, call: KernelCall, heap: Heap) => TensorInfo | TensorInfo[];

/** One team a heap, however often kernels are registered. */
const teams = new WeakMap<WebAssembly.Memory, ThreadTeam>();

/** The threads that work on the heap of tfjs's wasm backend, which must be the current one; nothing without SIMD. */
export async function currentTeam(): Promise<ThreadTeam | undefined> {
  const memory = memoryOf(backend());
  if (memory === undefined) return undefined;
  const there = teams.get(memory);
  if (there !== undefined) return there;
  const kernels = await instantiateKernels(memory);
  if (kernels === undefined) return undefined;
  const team = new ThreadTeam(kernels, memory);
  teams.set(memory, team);
  return team;
}

/**
 * The kernels for tfjs's wasm backend, which must be the current one and ready: our own SIMD loops in a second module
 * that shares its heap. None where the browser has no SIMD; stock operations do then.
 */
export async function loadKernels(): Promise<Partial<KernelSet>> {
  const team = await currentTeam();
  if (team === undefined) return {};
  shareClones();
  const on = (kernel: HeapKernel): KernelFunc => onHeap((call, heap) => kernel(team, call, heap));
  return {
    FaceConv2D: on(convolution),
    FaceConv2DInputGrad: on(inputGradient),
    FaceConv2DFilterGrad: on(filterGradient),
    BatchNorm: on(batchNorm),
    BatchNormPRelu: on(batchNorm),
    BatchNormAdd: on(batchNorm),
    BatchNormGrad: on(batchNormGradient),
    BatchNormPReluGrad: on(batchNormGradient),
    BatchNormInfer: on(batchNormInfer),
    Dense: on(dense),
    DenseInputGrad: on(denseInputGradient),
    DenseWeightGrad: on(denseWeightGradient),
    NormalizeRows: on(normalizeRows),
    NormalizeRowsGrad: on(normalizeRowsGradient),
    MarginSoftmax: on(marginSoftmax),
    SgdStep: on(sgdStep),
    MovingAverage: on(movingAverage),
    FacesToBatch: on(facesToBatch),
  };
}

/**
 * Has a clone share the numbers of its tensor, as on tfjs's other backends: the wasm one copies them, and the tape clones
 * every tensor that a gradient needs.
 */
function shareClones(): void {
  unregisterKernel('Identity', 'wasm');
  registerKernel({
    kernelName: 'Identity',
    backendName: 'wasm',
    kernelFunc: (call) => {
      const { dataId, shape, dtype } = inputOf(call, 'x');
      // tfjs hands a kernel the backend it was registered for, and types it as unknown.
      (call.backend as BackendWasm).incRef(dataId);
      return { dataId, shape, dtype };
    },
  });
}
