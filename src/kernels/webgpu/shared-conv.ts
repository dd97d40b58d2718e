import type { GatherConvolution } from './gather-conv.ts';
import { type Dispatch, times, WORKGROUP_SIZE } from './program.ts';

/** Target pixels of a workgroup's tile, one for each invocation to load. */
const PIXELS = WORKGROUP_SIZE;

/** Source channels a workgroup loads at a time, four vectors of four; for the filter gradient, pixels. */
export const DEPTH = 16;

/** Invocations are laid 8 x 8 over a tile: of every eighth row and of every eighth vector, sums are each one's own. */
export const SIDE = 8;

/** The constants of the WGSL; all else is a size, so that layers of every kind share two pipelines. */
interface SharedShape {
  /** Vectors of filters in a tile: 8 or 16. */
  readonly vectors: number;
}

/**
 * Whether a convolution can share out its loads: whole vectors of channels and filters. Transposed with a stride of 2,
 * neighbouring pixels meet other weights, so that there is little to share.
 */
export function canShare({ source, target, stride, transposed }: Omit<GatherConvolution, 'tile'>): boolean {
  return source[2] % 4 === 0 && target[2] % 4 === 0 && !(transposed && stride === 2);
}

/** Vectors of a tile, of this many numbers in all: 64 numbers wide, or 32 where no more than that are there. */
export function tileVectors(numbers: number): number {
  return numbers > 4 * SIDE ? 2 * SIDE : SIDE;
}

/**
 * The same convolution as gather-conv.ts, as the product of a matrix of patches, which is never laid out, with the
 * weights: a workgroup has 64 target pixels by 32 or 64 filters, and loads their inputs, 16 channels of one tap at a
 * time, into memory of its own. Inputs `source` and `weights`.
 */
export function sharedConvolution(
  convolution: Omit<GatherConvolution, 'tile'>,
): Pick<Dispatch<SharedShape>, 'constants' | 'sizes' | 'code' | 'invocations' | 'together'> {
  const { images, source, target, kernelSize, stride, pad, transposed } = convolution;
  const vectors = tileVectors(target[2]);
  const pixels = images * target[0] * target[1];
  const filterTiles = Math.ceil(target[2] / 4 / vectors);
  const parts = Math.ceil(source[2] / DEPTH);
  return {
    constants: { vectors },
    sizes: {
      kernelSize,
      // A target row meets source rows row * stride + first + way * tap.
      stride: transposed ? 1 : stride,
      first: transposed ? pad : -pad,
      way: transposed ? -1 : 1,
      sourceRows: source[0],
      sourceColumns: source[1],
      channels: source[2],
      targetRows: target[0],
      targetColumns: target[1],
      targetVectors: target[2] / 4,
      pixels,
      filterTiles,
      parts,
      steps: kernelSize * kernelSize * parts,
    },
    code: sharedCode,
    invocations: Math.ceil(pixels / PIXELS) * filterTiles * WORKGROUP_SIZE,
    together: true,
  };
}

function sharedCode({ vectors }: SharedShape): string {
  const own = PIXELS / SIDE;
  const ownVectors = vectors / SIDE;

  const loadSource = (block: number) => `{
      let value = select(vec4<f32>(0.0), source[at + ${block}], inside && block0 + ${block} < blocks);
      ${times(4, (lane) => `patches[${(4 * block + lane) * PIXELS} + thread] = value.${'xyzw'[lane]};`)}
    }`;
  const loadWeights = (turn: number) => `{
      let place = thread + ${turn * WORKGROUP_SIZE};
      let channel = block0 * 4 + place / ${vectors};
      let vector = vector0 + place % ${vectors};
      let real = channel < uniforms.channels && vector < uniforms.targetVectors;
      let origin = select(0, (tap * uniforms.channels + channel) * uniforms.targetVectors + vector, real);
      kernels[place] = select(vec4<f32>(0.0), weights[origin], real);
    }`;
  const store = (i: number) => `{
    let target_ = pixel0 + ${i * SIDE} + down;
    ${times(
      ownVectors,
      (q) => `if (target_ < uniforms.pixels && vector0 + ${q * SIDE} + across < uniforms.targetVectors) {
      result[target_ * uniforms.targetVectors + vector0 + ${q * SIDE} + across] = sum_${i}_${q};
    }`,
    )}
  }`;

  return `
var<workgroup> patches : array<f32, ${DEPTH * PIXELS}>;
var<workgroup> kernels : array<vec4<f32>, ${DEPTH * vectors}>;

fn compute(index : i32) {
  let thread = index % ${WORKGROUP_SIZE};
  let group = index / ${WORKGROUP_SIZE};
  let down = thread / ${SIDE};
  let across = thread % ${SIDE};
  let vector0 = (group % uniforms.filterTiles) * ${vectors};
  let pixel0 = (group / uniforms.filterTiles) * ${PIXELS};
  let blocks = uniforms.channels / 4;
  // The pixel this invocation loads for all.
  let pixel = pixel0 + thread;
  let column = pixel % uniforms.targetColumns;
  let row = (pixel / uniforms.targetColumns) % uniforms.targetRows;
  let image = pixel / (uniforms.targetColumns * uniforms.targetRows);
  ${times(own, (i) => times(ownVectors, (q) => `var sum_${i}_${q} = vec4<f32>(0.0);`))}
  for (var step = 0; step < uniforms.steps; step = step + 1) {
    let tap = step / uniforms.parts;
    let block0 = (step % uniforms.parts) * ${DEPTH / 4};
    let sourceRow = row * uniforms.stride + uniforms.first + uniforms.way * (tap / uniforms.kernelSize);
    let sourceColumn = column * uniforms.stride + uniforms.first + uniforms.way * (tap % uniforms.kernelSize);
    let inside = pixel < uniforms.pixels && sourceRow >= 0 && sourceRow < uniforms.sourceRows
      && sourceColumn >= 0 && sourceColumn < uniforms.sourceColumns;
    let at = select(0, ((image * uniforms.sourceRows + sourceRow) * uniforms.sourceColumns + sourceColumn) * blocks + block0, inside);
    ${times(DEPTH / 4, loadSource)}
    ${times((DEPTH * vectors) / WORKGROUP_SIZE, loadWeights)}
    workgroupBarrier();
    for (var k = 0; k < ${DEPTH}; k = k + 1) {
      ${times(ownVectors, (q) => `let w_${q} = kernels[k * ${vectors} + ${q * SIDE} + across];`)}
      ${times(
        own,
        (i) => `let s_${i} = vec4<f32>(patches[k * ${PIXELS} + ${i * SIDE} + down]);
      ${times(ownVectors, (q) => `sum_${i}_${q} = fma(s_${i}, w_${q}, sum_${i}_${q});`)}`,
      )}
    }
    workgroupBarrier();
  }
  ${times(own, store)}
}`;
}
