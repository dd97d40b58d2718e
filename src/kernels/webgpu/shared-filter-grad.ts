import { type Dispatch, times, WORKGROUP_SIZE } from './program.ts';
import { DEPTH, SIDE, tileVectors } from './shared-conv.ts';

/** Invocations to aim at, and the fewest pixels that a share of the sum is worth. */
const INVOCATIONS = 32_768;
const LEAST_PIXELS = 64;
const MOST_SPLITS = 256;

/** Shapes of x [images, rows, columns, channels] and dy [images, dyRows, dyColumns, filters]. */
export interface FilterGradientShape {
  readonly kernelSize: number;
  readonly stride: 1 | 2;
  readonly pad: number;
  readonly x: readonly [rows: number, columns: number, channels: number];
  readonly dy: readonly [rows: number, columns: number, filters: number];
  readonly images: number;
}

/** The constants of the WGSL: the vectors of a tile, 8 or 16 each way. */
interface SharedGradient {
  readonly channelVectors: number;
  readonly filterVectors: number;
}

/** Whether channels and filters are whole vectors, as loads are shared out in those. */
export function canShareGradient({ x, dy }: FilterGradientShape): boolean {
  return x[2] % 4 === 0 && dy[2] % 4 === 0;
}

/**
 * The filter gradient as a product, tap by tap, of the patches' channels with dy's filters: a workgroup has 32 or 64
 * channels by as many filters of one tap, and loads 16 pixels at a time into memory of its own. Inputs `x` and `dy`;
 * the result is [splits, k, k, channels, filters].
 */
export function sharedFilterGradient(shape: FilterGradientShape): {
  readonly splits: number;
  readonly program: Pick<Dispatch<SharedGradient>, 'constants' | 'sizes' | 'code' | 'invocations' | 'together'>;
} {
  const { kernelSize, stride, pad, x, dy, images } = shape;
  const [channelVectors, filterVectors] = [tileVectors(x[2]), tileVectors(dy[2])];
  const channelTiles = Math.ceil(x[2] / 4 / channelVectors);
  const filterTiles = Math.ceil(dy[2] / 4 / filterVectors);
  const tiles = kernelSize * kernelSize * channelTiles * filterTiles;
  const pixels = images * dy[0] * dy[1];
  const wanted = Math.ceil(INVOCATIONS / WORKGROUP_SIZE / tiles);
  const most = Math.max(1, Math.min(wanted, MOST_SPLITS, Math.floor(pixels / LEAST_PIXELS)));
  const steps = Math.ceil(pixels / most / DEPTH);
  const splits = Math.ceil(pixels / (steps * DEPTH));
  return {
    splits,
    program: {
      constants: { channelVectors, filterVectors },
      sizes: {
        kernelSize,
        stride,
        pad,
        inputRows: x[0],
        inputColumns: x[1],
        inputVectors: x[2] / 4,
        outputRows: dy[0],
        outputColumns: dy[1],
        outputVectors: dy[2] / 4,
        pixels,
        steps,
        channelTiles,
        filterTiles,
        splits,
      },
      code: sharedCode,
      invocations: splits * tiles * WORKGROUP_SIZE,
      together: true,
    },
  };
}

function sharedCode({ channelVectors, filterVectors }: SharedGradient): string {
  const ownChannels = channelVectors / SIDE;
  const ownFilters = filterVectors / SIDE;
  const each = (body: (r: number, lane: number, q: number) => string) =>
    times(ownChannels, (r) => times(4, (lane) => times(ownFilters, (q) => body(r, lane, q))));

  const loadX = (turn: number) => `{
      let place = thread + ${turn * WORKGROUP_SIZE};
      let pixel = pixel0 + place / ${channelVectors};
      let vector = channel0 + place % ${channelVectors};
      let row = ((pixel / uniforms.outputColumns) % uniforms.outputRows) * uniforms.stride - uniforms.pad + tap / uniforms.kernelSize;
      let column = (pixel % uniforms.outputColumns) * uniforms.stride - uniforms.pad + tap % uniforms.kernelSize;
      let image = pixel / (uniforms.outputColumns * uniforms.outputRows);
      let inside = pixel < uniforms.pixels && vector < uniforms.inputVectors
        && row >= 0 && row < uniforms.inputRows && column >= 0 && column < uniforms.inputColumns;
      let at = select(0, ((image * uniforms.inputRows + row) * uniforms.inputColumns + column) * uniforms.inputVectors + vector, inside);
      patches[place] = select(vec4<f32>(0.0), x[at], inside);
    }`;
  const loadDy = (turn: number) => `{
      let place = thread + ${turn * WORKGROUP_SIZE};
      let pixel = pixel0 + place / ${filterVectors};
      let vector = filter0 + place % ${filterVectors};
      let inside = pixel < uniforms.pixels && vector < uniforms.outputVectors;
      gradients[place] = select(vec4<f32>(0.0), dy[select(0, pixel * uniforms.outputVectors + vector, inside)], inside);
    }`;
  const store = (r: number, lane: number, q: number) => `{
    let channel = (channel0 + ${r * SIDE} + down) * 4 + ${lane};
    let vector = filter0 + ${q * SIDE} + across;
    // Groups past the last share have nothing to write.
    if (split < uniforms.splits && channel < uniforms.inputVectors * 4 && vector < uniforms.outputVectors) {
      result[((split * taps + tap) * uniforms.inputVectors * 4 + channel) * uniforms.outputVectors + vector] = sum_${r}_${lane}_${q};
    }
  }`;

  return `
var<workgroup> patches : array<vec4<f32>, ${DEPTH * channelVectors}>;
var<workgroup> gradients : array<vec4<f32>, ${DEPTH * filterVectors}>;

fn compute(index : i32) {
  let thread = index % ${WORKGROUP_SIZE};
  var rest = index / ${WORKGROUP_SIZE};
  let down = thread / ${SIDE};
  let across = thread % ${SIDE};
  let filter0 = (rest % uniforms.filterTiles) * ${filterVectors};
  rest = rest / uniforms.filterTiles;
  let channel0 = (rest % uniforms.channelTiles) * ${channelVectors};
  rest = rest / uniforms.channelTiles;
  let taps = uniforms.kernelSize * uniforms.kernelSize;
  let tap = rest % taps;
  let split = rest / taps;
  ${each((r, lane, q) => `var sum_${r}_${lane}_${q} = vec4<f32>(0.0);`)}
  for (var step = 0; step < uniforms.steps; step = step + 1) {
    let pixel0 = (split * uniforms.steps + step) * ${DEPTH};
    ${times((DEPTH * channelVectors) / WORKGROUP_SIZE, loadX)}
    ${times((DEPTH * filterVectors) / WORKGROUP_SIZE, loadDy)}
    workgroupBarrier();
    for (var k = 0; k < ${DEPTH}; k = k + 1) {
      ${times(ownFilters, (q) => `let d_${q} = gradients[k * ${filterVectors} + ${q * SIDE} + across];`)}
      ${times(ownChannels, (r) => `let p_${r} = patches[k * ${channelVectors} + ${r * SIDE} + down];`)}
      ${each((r, lane, q) => `sum_${r}_${lane}_${q} = fma(vec4<f32>(p_${r}.${'xyzw'[lane]}), d_${q}, sum_${r}_${lane}_${q});`)}
    }
    workgroupBarrier();
  }
  ${each(store)}
}`;
}
