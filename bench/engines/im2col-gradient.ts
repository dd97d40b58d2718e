import {
  concat,
  matMul,
  pad,
  registerKernel,
  reshape,
  stridedSlice,
  type Tensor,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';

/**
 * Conv2DBackpropFilter for tfjs's wasm backend, which lacks it: the k * k shifted views of x side by side, transposed,
 * times dy. A user of stock tfjs would write this to train there at all.
 */
export function registerPlainFilterGradient(): void {
  registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      // tfjs calls its kernels with tensors and types them as TensorInfo.
      const x = inputs.x as Tensor4D;
      const dy = inputs.dy as Tensor4D;
      const [stride = 1] = [attrs?.strides].flat().map(Number);
      const margin = Number(attrs?.pad);
      const [size = 1, , channels = 1, filters = 1] = [attrs?.filterShape].flat().map(Number);
      return tidy(() => filterGradient(x, dy, { stride, margin, size, channels, filters }));
    },
  });
}

interface Geometry {
  readonly stride: number;
  readonly margin: number;
  readonly size: number;
  readonly channels: number;
  readonly filters: number;
}

function filterGradient(x: Tensor4D, dy: Tensor4D, { stride, margin, size, channels, filters }: Geometry): Tensor {
  const [images, rows, columns] = dy.shape;
  const frame = [margin, margin] as [number, number];
  const framed: Tensor4D = pad(x, [[0, 0], frame, frame, [0, 0]]);
  const views: Tensor[] = [];
  for (let top = 0; top < size; top++) {
    for (let left = 0; left < size; left++) {
      const view = stridedSlice(
        framed,
        [0, top, left, 0],
        [images, top + (rows - 1) * stride + 1, left + (columns - 1) * stride + 1, channels],
        [1, stride, stride, 1],
      );
      views.push(reshape(view, [images * rows * columns, channels]));
    }
  }
  const product = matMul(concat(views, 1), reshape(dy, [images * rows * columns, filters]), true);
  return reshape(product, [size, size, channels, filters]);
}
