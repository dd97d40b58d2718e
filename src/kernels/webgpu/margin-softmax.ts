import type { TensorInfo } from '@tensorflow/tfjs-core';
import { LEAST_SINE } from '../composed/margin-loss.ts';
import { inputOf, type KernelCall, numberOf, textOf } from '../kernel-call.ts';
import { dispatch, release, webgpuOf } from './program.ts';
import { sumPartials } from './sum-partials.ts';

interface MarginSoftmax {
  readonly kind: string;
  readonly literal: boolean;
  readonly images: number;
  readonly classes: number;
  /** Into how many stretches of classes a row is cut. */
  readonly shares: number;
  /** Classes in a stretch. */
  readonly stretch: number;
}

/** Classes an invocation takes, unless that makes more stretches than one invocation should put together. */
const STRETCH = 64;
const MOST_SHARES = 64;

/**
 * MarginSoftmax: highest logit and sum of powers by stretch of a row, then by row, then the gradient by cosine; loss and
 * accuracy are sums over the rows. The class whose raw cosine is highest, the first of equals, is the network's answer.
 */
export function marginSoftmax(call: KernelCall): TensorInfo[] {
  const backend = webgpuOf(call);
  const cosine = { tensor: inputOf(call, 'cosine') };
  const labels = { tensor: inputOf(call, 'labels') };
  const [images = 0, classes = 0] = cosine.tensor.shape;
  const stretch = Math.max(STRETCH, Math.ceil(classes / MOST_SHARES));
  const shares = Math.ceil(classes / stretch);
  const margin = numberOf(call, 'margin');
  const constants: MarginSoftmax = {
    kind: textOf(call, 'kind'),
    literal: textOf(call, 'gradient') === 'literal',
    images,
    classes,
    shares,
    stretch,
  };
  const uniforms = {
    scale: numberOf(call, 'scale'),
    margin,
    cosineOfMargin: Math.cos(margin),
    sineOfMargin: Math.sin(margin),
  };

  const stretches = dispatch(backend, {
    name: 'MarginSoftmaxStretches',
    constants,
    code: stretchesOf,
    inputs: { cosine, labels },
    uniforms,
    invocations: images * shares,
    outputShape: [images, shares, 4],
  });
  const rows = dispatch(backend, {
    name: 'MarginSoftmaxRows',
    constants,
    code: rowsOf,
    inputs: { cosine, labels, stretches: { tensor: stretches } },
    uniforms,
    invocations: images,
    outputShape: [images, 4],
  });
  const dCosine = dispatch(backend, {
    name: 'MarginSoftmaxGrad',
    constants,
    code: gradientOf,
    inputs: { cosine, labels, rows: { tensor: rows } },
    uniforms,
    invocations: images * classes,
    outputShape: [images, classes],
  });
  const mean = (offset: number) => sumPartials(backend, rows, { count: images, size: 1, offset, stride: 4 }, []);
  const loss = mean(2);
  const accuracy = mean(3);
  release(backend, stretches, rows);
  return [loss, accuracy, dCosine];
}

/** The logit of a class, with the margin where it is the image's own; and that margin's derivative. */
function logit({ kind, literal }: MarginSoftmax): string {
  const shifted = {
    arcface: 'cosine * uniforms.cosineOfMargin - sqrt(max(0.0, 1.0 - cosine * cosine)) * uniforms.sineOfMargin',
    cosface: 'cosine - uniforms.margin',
  }[kind];
  const slope =
    kind === 'arcface' && literal
      ? `uniforms.cosineOfMargin + cosine / max(sqrt(max(0.0, 1.0 - cosine * cosine)), ${LEAST_SINE}) * uniforms.sineOfMargin`
      : '1.0';
  return `
fn logitOf(raw : f32, own : bool) -> f32 {
  let cosine = clamp(raw, -1.0, 1.0);
  return uniforms.scale * select(cosine, ${shifted ?? 'cosine'}, own);
}
fn slopeOf(raw : f32) -> f32 {
  let cosine = clamp(raw, -1.0, 1.0);
  return ${slope};
}`;
}

/** [images, shares, 4]: highest logit, sum of powers above it, highest raw cosine, its class. */
function stretchesOf(constants: MarginSoftmax): string {
  const { classes, shares, stretch } = constants;
  return `${logit(constants)}
fn compute(index : i32) {
  let row = index / ${shares};
  let first = (index % ${shares}) * ${stretch};
  let end = min(first + ${stretch}, ${classes});
  let label = labels[row];
  var best = cosine[row * ${classes} + first];
  var answer = first;
  var highest = logitOf(best, first == label);
  for (var class_ = first + 1; class_ < end; class_ = class_ + 1) {
    let raw = cosine[row * ${classes} + class_];
    highest = max(highest, logitOf(raw, class_ == label));
    answer = select(answer, class_, raw > best);
    best = max(best, raw);
  }
  var total = 0.0;
  for (var class_ = first; class_ < end; class_ = class_ + 1) {
    total = total + exp(logitOf(cosine[row * ${classes} + class_], class_ == label) - highest);
  }
  result[4 * index] = highest;
  result[4 * index + 1] = total;
  result[4 * index + 2] = best;
  result[4 * index + 3] = f32(answer);
}`;
}

/** [images, 4]: highest logit, sum of powers above it, the row's part of the loss, its part of the accuracy. */
function rowsOf(constants: MarginSoftmax): string {
  const { images, classes, shares } = constants;
  return `${logit(constants)}
fn compute(index : i32) {
  let at = index * ${4 * shares};
  var highest = stretches[at];
  var best = stretches[at + 2];
  var answer = stretches[at + 3];
  for (var share = 1; share < ${shares}; share = share + 1) {
    highest = max(highest, stretches[at + 4 * share]);
    let other = stretches[at + 4 * share + 2];
    answer = select(answer, stretches[at + 4 * share + 3], other > best);
    best = max(best, other);
  }
  var total = 0.0;
  for (var share = 0; share < ${shares}; share = share + 1) {
    total = total + stretches[at + 4 * share + 1] * exp(stretches[at + 4 * share] - highest);
  }
  let label = labels[index];
  let own = logitOf(cosine[index * ${classes} + label], true);
  result[4 * index] = highest;
  result[4 * index + 1] = total;
  result[4 * index + 2] = (log(total) + (highest - own)) / f32(${images});
  result[4 * index + 3] = select(0.0, 1.0 / f32(${images}), i32(answer) == label);
}`;
}

function gradientOf(constants: MarginSoftmax): string {
  const { images, classes } = constants;
  return `${logit(constants)}
fn compute(index : i32) {
  let row = index / ${classes};
  let own = index % ${classes} == labels[row];
  let raw = cosine[index];
  let share = exp(logitOf(raw, own) - rows[4 * row]) / rows[4 * row + 1];
  let slope = select(1.0, slopeOf(raw), own);
  let moved = (share - select(0.0, 1.0, own)) * slope * (uniforms.scale / f32(${images}));
  result[index] = select(0.0, moved, abs(raw) <= 1.0);
}`;
}
