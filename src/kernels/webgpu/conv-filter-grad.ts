import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf } from '../kernel-call.ts';
import { variantOf } from './adapter-variants.ts';
import { evenPart } from './conv-tile.ts';
import { dispatch, type Lanes, lanesOf, release, times, webgpuOf } from './program.ts';
import { sumPartials } from './sum-partials.ts';

/**
 * An invocation has one kernel row, all kernel columns, `channels` x `filters` weights, and a share of the rows of dy.
 * It walks along a row `columns` outputs at a time, so that a column of x serves every kernel column that meets it.
 */
interface FilterGradient {
  readonly kernelSize: number;
  readonly stride: 1 | 2;
  readonly pad: number;
  readonly tile: { readonly columns: number; readonly channels: number; readonly filters: number };
  /** Of x and of dy. */
  readonly channelLanes: Lanes;
  readonly filterLanes: Lanes;
  /** Whether the last columns of a row of dy are fewer than a tile's. */
  readonly cut: boolean;
}

/** Invocations to aim at, by variant, and the most pieces a sum is then made of. */
const INVOCATIONS = { few: 1024, many: 32_768 };
const MOST_SPLITS = 256;

/** FaceConv2DFilterGrad: the sum over all places in shares, then the sum of the shares, both in a fixed order. */
export function convolutionFilterGradient(call: KernelCall): TensorInfo {
  const backend = webgpuOf(call);
  const x = inputOf(call, 'x');
  const dy = inputOf(call, 'dy');
  const stride = numberOf(call, 'stride') === 1 ? 1 : 2;
  const pad = numberOf(call, 'pad');
  const kernelSize = numberOf(call, 'kernelSize');
  const [images = 0, rows = 0, columns = 0, channels = 0] = x.shape;
  const [, dyRows = 0, dyColumns = 0, filters = 0] = dy.shape;

  const outputShape = [kernelSize, kernelSize, channels, filters];
  const size = kernelSize * kernelSize * channels * filters;
  const inputs = { x: { tensor: x, lanes: lanesOf(channels) }, dy: { tensor: dy, lanes: lanesOf(filters) } };

  const most = kernelSize === 1 ? 16 : kernelSize === 3 ? 8 : 4;
  const tile = {
    columns: evenPart(dyColumns, 2),
    channels: evenPart(channels, 4),
    filters: 4 * evenPart(Math.ceil(filters / 4), most / 4),
  };
  const tiles = kernelSize * Math.ceil(channels / tile.channels) * Math.ceil(filters / tile.filters);
  const wanted = INVOCATIONS[variantOf(backend, 'filterGradient')] / tiles;
  const splits = Math.max(1, Math.min(Math.ceil(wanted), MOST_SPLITS, images * dyRows));

  const partials = dispatch(backend, {
    name: 'FaceConv2DFilterGrad',
    constants: {
      kernelSize,
      stride,
      pad,
      tile,
      channelLanes: lanesOf(channels),
      filterLanes: lanesOf(filters),
      cut: dyColumns % tile.columns !== 0,
    },
    sizes: {
      inputRows: rows,
      inputColumns: columns,
      channels,
      outputRows: dyRows,
      outputColumns: dyColumns,
      filters,
      channelTiles: Math.ceil(channels / tile.channels),
      filterTiles: Math.ceil(filters / tile.filters),
      allRows: images * dyRows,
      rowsEach: Math.ceil((images * dyRows) / splits),
    },
    code: filterGradient,
    inputs,
    invocations: tiles * splits,
    outputShape: splits === 1 ? outputShape : [splits, size],
    outputLanes: lanesOf(filters),
  });
  if (splits === 1) return partials;
  const dw = sumPartials(backend, partials, { count: splits, size }, outputShape);
  release(backend, partials);
  return dw;
}

function filterGradient(constants: FilterGradient): string {
  const { kernelSize, stride, pad, tile, channelLanes, filterLanes, cut } = constants;
  const vectors = tile.filters / 4;
  const wholeChannels = channelLanes === 4;
  const wholeFilters = filterLanes === 4;
  const columnsRead = (tile.columns - 1) * stride + kernelSize;

  // Past the end of a row of channels or filters these are other numbers, whose sums are not written.
  const four = (buffer: string, at: string) => `vec4<f32>(${[0, 1, 2, 3].map((i) => `${buffer}[${at} + ${i}]`)})`;
  const loadDy = (column: number, q: number) => {
    const at = `dyAt + (column0 + ${column}) * filters + ${4 * q}`;
    const value = wholeFilters ? `dy[(${at}) / 4]` : four('dy', at);
    // Beyond the last column the row below begins.
    return `let d_${column}_${q} = ${cut ? `select(vec4<f32>(0.0), ${value}, column0 + ${column} < outputColumns)` : value};`;
  };
  const loadX = (column: number) => {
    const at = `(xAt + c_${column}) * channels + channel0`;
    const inside = `inside_${column}`;
    const value = wholeChannels ? `x[(${at}) / 4]` : four('x', at);
    return `let c_${column} = column0 * ${stride} + ${column - pad};
      let ${inside} = c_${column} >= 0 && c_${column} < inputColumns;
      let x_${column} = select(vec4<f32>(0.0), ${value}, ${inside});`;
  };
  const add = (column: number) =>
    times(kernelSize, (kx) =>
      times(tile.channels, (c) =>
        times(vectors, (q) => {
          const sum = `sum_${kx}_${c}_${q}`;
          return `${sum} = fma(vec4<f32>(x_${column * stride + kx}.${'xyzw'[c]}), d_${column}_${q}, ${sum});`;
        }),
      ),
    );
  const store = (kx: number, c: number, q: number) => {
    const sum = `sum_${kx}_${c}_${q}`;
    const at = `out + (${kx} * channels + ${c}) * filters + ${4 * q}`;
    const inside = `channel0 + ${c} < channels && filter0 + ${4 * q}`;
    if (wholeFilters) return `if (${inside} < filters) { result[(${at}) / 4] = ${sum}; }`;
    return times(
      4,
      (lane) => `if (${inside} + ${lane} < filters) { result[${at} + ${lane}] = ${sum}.${'xyzw'[lane]}; }`,
    );
  };

  return `
fn compute(index : i32) {
  let channels = uniforms.channels;
  let filters = uniforms.filters;
  let inputRows = uniforms.inputRows;
  let inputColumns = uniforms.inputColumns;
  let outputRows = uniforms.outputRows;
  let outputColumns = uniforms.outputColumns;
  var rest = index;
  let filter0 = (rest % uniforms.filterTiles) * ${tile.filters};
  rest = rest / uniforms.filterTiles;
  let channel0 = (rest % uniforms.channelTiles) * ${tile.channels};
  rest = rest / uniforms.channelTiles;
  let ky = rest % ${kernelSize};
  let split = rest / ${kernelSize};
  ${times(kernelSize, (kx) => times(tile.channels, (c) => times(vectors, (q) => `var sum_${kx}_${c}_${q} = vec4<f32>(0.0);`)))}
  let rowEnd = min((split + 1) * uniforms.rowsEach, uniforms.allRows);
  for (var row = split * uniforms.rowsEach; row < rowEnd; row = row + 1) {
    let inputRow = (row % outputRows) * ${stride} - ${pad} + ky;
    if (inputRow >= 0 && inputRow < inputRows) {
      let xAt = ((row / outputRows) * inputRows + inputRow) * inputColumns;
      let dyAt = row * outputColumns * filters + filter0;
      for (var column0 = 0; column0 < outputColumns; column0 = column0 + ${tile.columns}) {
        ${times(tile.columns, (column) => times(vectors, (q) => loadDy(column, q)))}
        ${times(columnsRead, loadX)}
        ${times(tile.columns, add)}
      }
    }
  }
  let out = ((split * ${kernelSize} + ky) * ${kernelSize} * channels + channel0) * filters + filter0;
  ${times(kernelSize, (kx) => times(tile.channels, (c) => times(vectors, (q) => store(kx, c, q))))}
}`;
}
