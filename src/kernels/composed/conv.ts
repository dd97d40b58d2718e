import {
  concat,
  engine,
  matMul,
  pad as padded,
  reshape,
  slice,
  stridedSlice,
  type Tensor,
  type Tensor4D,
  conv2d as tfConv2d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import { type KernelCall, numberOf, numbersOf, tensorOf } from '../kernel-call.ts';

/** FaceConv2D of tfjs's own convolution, whose number for `pad` means all four sides. */
export function convolution(call: KernelCall): Tensor {
  const x = tensorOf<Tensor4D>(call, 'x');
  const w = tensorOf<Tensor4D>(call, 'w');
  return tfConv2d(x, w, stride(call), numberOf(call, 'pad'));
}

/** FaceConv2DInputGrad of tfjs's Conv2DBackpropInput, which every backend has. */
export function convolutionInputGradient(call: KernelCall): Tensor {
  const step = stride(call);
  return engine().runKernel<Tensor>(
    'Conv2DBackpropInput',
    { dy: tensorOf(call, 'dy'), filter: tensorOf(call, 'w') },
    {
      strides: [step, step],
      pad: numberOf(call, 'pad'),
      dataFormat: 'NHWC',
      inputShape: numbersOf(call, 'inputShape'),
    },
  );
}

/**
 * FaceConv2DFilterGrad by im2col: the k * k shifted views of x side by side as columns [M, k*k*C], times dy [M,F].
 * tfjs-wasm has no Conv2DBackpropFilter. dy is transposed rather than the far larger columns: the wasm matMul is
 * ten times slower where it transposes its first operand.
 */
export function convolutionFilterGradient(call: KernelCall): Tensor {
  return tidy(() => {
    const x = tensorOf<Tensor4D>(call, 'x');
    const dy = tensorOf<Tensor4D>(call, 'dy');
    const size = numberOf(call, 'kernelSize');
    const step = stride(call);
    const margin = numberOf(call, 'pad');
    const [images, rows, columns, filters] = dy.shape;
    const channels = x.shape[3];
    const framed: Tensor4D = padded(x, [
      [0, 0],
      [margin, margin],
      [margin, margin],
      [0, 0],
    ]);
    const views: Tensor[] = [];
    for (let top = 0; top < size; top++) {
      for (let left = 0; left < size; left++) {
        const view =
          step === 1
            ? slice(framed, [0, top, left, 0], [images, rows, columns, channels])
            : stridedSlice(
                framed,
                [0, top, left, 0],
                [images, top + (rows - 1) * step + 1, left + (columns - 1) * step + 1, channels],
                [1, step, step, 1],
              );
        views.push(reshape(view, [images * rows * columns, channels]));
      }
    }
    const rowsOfDy = transpose(reshape(dy, [images * rows * columns, filters]));
    return reshape(transpose(matMul(rowsOfDy, concat(views, 1))), [size, size, channels, filters]);
  });
}

function stride(call: KernelCall): 1 | 2 {
  return numberOf(call, 'stride') === 1 ? 1 : 2;
}
