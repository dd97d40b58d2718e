import { registerGradient, type Tensor4D } from '@tensorflow/tfjs-core';
import { runKernel, tensorAt } from './run-kernel.ts';

/** Padding is the same on all four sides: out = floor((in + 2 * pad - k) / stride) + 1, as in PyTorch. */
export interface ConvolutionGeometry {
  readonly stride: 1 | 2;
  readonly pad: number;
}

/** x [N,H,W,C] * w [k,k,C,F] -> [N,H',W',F]. Differentiable in both. Throws where the shapes do not fit. */
export function conv2d(x: Tensor4D, w: Tensor4D, geometry: ConvolutionGeometry): Tensor4D {
  const { stride, pad } = geometry;
  const [rows, columns, channels] = w.shape;
  if (rows !== columns || channels !== x.shape[3]) {
    throw new Error(`A kernel [${w.shape}] does not fit an input [${x.shape}]: it must be [k, k, ${x.shape[3]}, F].`);
  }
  if (x.shape[1] + 2 * pad < rows || x.shape[2] + 2 * pad < rows) {
    throw new Error(`A kernel of ${rows} × ${rows} is larger than its padded input [${x.shape}].`);
  }
  return runKernel('FaceConv2D', { x, w }, { stride, pad });
}

registerGradient({
  kernelName: 'FaceConv2D',
  inputsToSave: ['x', 'w'],
  gradFunc: (dys, saved, attrs) => {
    const dy = tensorAt([dys].flat(), 0);
    const x = tensorAt(saved, 0);
    const w = tensorAt(saved, 1);
    const { stride = 1, pad = 0 } = attrs;
    // Thunks: the tape never calls the one for x where x is the images.
    return {
      x: () => runKernel('FaceConv2DInputGrad', { dy, w }, { stride, pad, inputShape: x.shape }),
      w: () => runKernel('FaceConv2DFilterGrad', { x, dy }, { stride, pad, kernelSize: w.shape[0] ?? 1 }),
    };
  },
});
