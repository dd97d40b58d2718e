import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { variantOf } from './adapter-variants.ts';
import { evenPart } from './conv-tile.ts';
import { dispatch, lanesOf, release, times } from './program.ts';
import { sumPartials } from './sum-partials.ts';

/** Sizes of a product [rows, depth] x [depth, columns], and how the two factors lie in memory. */
export interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** `nt`: a [rows, depth], b [columns, depth]. `nn`: b [depth, columns]. `tn`: that, and a [depth, rows]. */
  readonly layout: 'nt' | 'nn' | 'tn';
}

interface TiledProduct extends Product {
  /** Outputs an invocation keeps in registers. */
  readonly tile: { readonly rows: number; readonly columns: number };
  /** Into how many shares the depth is cut, so that small products keep the device busy too. */
  readonly splits: number;
}

/** Invocations to aim at, and the least depth that a share is worth. */
const INVOCATIONS = { few: 512, many: 32_768 };
const LEAST_DEPTH = 32;
const MOST_SPLITS = 64;

/** a times b as `layout` has them, of `outputShape`; without barriers, every sum in a fixed order. */
export function product(
  backend: WebGPUBackend,
  sizes: Product,
  a: TensorInfo,
  b: TensorInfo,
  outputShape: readonly number[],
): TensorInfo {
  const { rows, columns, depth, layout } = sizes;
  const tile = {
    // Where a runs along the rows, four at a time are loaded.
    rows: layout === 'tn' && rows % 4 === 0 ? 4 * evenPart(rows / 4, 2) : evenPart(rows, layout === 'nt' ? 4 : 8),
    columns: 4 * evenPart(Math.ceil(columns / 4), 2),
  };
  const tiles = Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns);
  const wanted = Math.ceil(INVOCATIONS[variantOf(backend, 'product')] / tiles);
  const splits = Math.max(1, Math.min(wanted, MOST_SPLITS, Math.floor(depth / LEAST_DEPTH)));
  const alongDepth = lanesOf(depth);
  const partials = dispatch(backend, {
    name: `Product${layout.toUpperCase()}`,
    constants: { ...sizes, tile, splits },
    code: productOf,
    inputs: {
      a: { tensor: a, lanes: layout === 'tn' ? lanesOf(rows) : alongDepth },
      b: { tensor: b, lanes: layout === 'nt' ? alongDepth : lanesOf(columns) },
    },
    invocations: tiles * splits,
    outputShape: splits === 1 ? outputShape : [splits, rows * columns],
    outputLanes: lanesOf(columns),
  });
  if (splits === 1) return partials;
  const sum = sumPartials(backend, partials, { count: splits, size: rows * columns }, outputShape);
  release(backend, partials);
  return sum;
}

function productOf(constants: TiledProduct): string {
  const { rows, columns, depth, layout, tile, splits } = constants;
  const vectors = tile.columns / 4;
  // Numbers of the depth taken together.
  const step = layout === 'tn' ? 1 : lanesOf(depth);
  const columnTiles = Math.ceil(columns / tile.columns);
  const rowTiles = Math.ceil(rows / tile.rows);
  const depthEach = Math.ceil(depth / step / splits) * step;
  const wholeColumns = columns % 4 === 0;
  const body = layout === 'nt' ? dots(constants, step) : outerProducts(constants, step, vectors);

  const store = (row: number, q: number) => {
    const sum = `sum_${row}_${q}`;
    const at = `(split * ${rows} + row0 + ${row}) * ${columns} + column0 + ${4 * q}`;
    const inside = `row0 + ${row} < ${rows} && column0 + ${4 * q}`;
    if (wholeColumns) return `if (${inside} < ${columns}) { result[(${at}) / 4] = ${sum}; }`;
    return times(
      4,
      (lane) => `if (${inside} + ${lane} < ${columns}) { result[${at} + ${lane}] = ${sum}.${'xyzw'[lane]}; }`,
    );
  };
  // Rows and columns past the end read other numbers, whose sums are not written.
  return `
fn compute(index : i32) {
  var rest = index;
  let column0 = (rest % ${columnTiles}) * ${tile.columns};
  rest = rest / ${columnTiles};
  let row0 = (rest % ${rowTiles}) * ${tile.rows};
  let split = rest / ${rowTiles};
  ${times(tile.rows, (row) => times(vectors, (q) => `var sum_${row}_${q} = vec4<f32>(0.0);`))}
  let end = min((split + 1) * ${depthEach}, ${depth});
  for (var k = split * ${depthEach}; k < end; k = k + ${step}) {
    ${body}
  }
  ${times(tile.rows, (row) => times(vectors, (q) => store(row, q)))}
}`;
}

/** Both factors run along the depth: each output is a dot product. */
function dots({ depth, tile }: TiledProduct, step: number): string {
  const load = (name: string, from: string) => (index: number) =>
    `let ${name}_${index} = ${name}[((${from} + ${index}) * ${depth} + k) / ${step}];`;
  const add = (row: number) => (column: number) => {
    const sum = `sum_${row}_${Math.floor(column / 4)}.${'xyzw'[column % 4]}`;
    const product = `a_${row}, b_${column}`;
    return step === 4 ? `${sum} = ${sum} + dot(${product});` : `${sum} = fma(${product}, ${sum});`;
  };
  return [
    times(tile.rows, load('a', 'row0')),
    times(tile.columns, load('b', 'column0')),
    times(tile.rows, (row) => times(tile.columns, add(row))),
  ].join('\n');
}

/** b runs along the columns: each number of a times four columns of b together. */
function outerProducts({ rows, columns, depth, layout, tile }: TiledProduct, step: number, vectors: number): string {
  const loadA = (row: number) => {
    if (layout === 'nn') return `let a_${row} = a[((row0 + ${row}) * ${depth} + k) / ${step}];`;
    if (rows % 4 !== 0) return `let a_${row} = a[k * ${rows} + row0 + ${row}];`;
    const q = Math.floor(row / 4);
    const load = row % 4 === 0 ? `let four_${q} = a[(k * ${rows} + row0) / 4 + ${q}];` : '';
    return `${load} let a_${row} = four_${q}.${'xyzw'[row % 4]};`;
  };
  const loadB = (lane: number) => (q: number) => {
    const at = `(k + ${lane}) * ${columns} + column0 + ${4 * q}`;
    const four = [0, 1, 2, 3].map((i) => `b[${at} + ${i}]`);
    return `let b_${q} = ${columns % 4 === 0 ? `b[(${at}) / 4]` : `vec4<f32>(${four})`};`;
  };
  const add = (lane: number) => (row: number) =>
    times(vectors, (q) => {
      const value = step === 4 ? `a_${row}.${'xyzw'[lane]}` : `a_${row}`;
      return `sum_${row}_${q} = fma(vec4<f32>(${value}), b_${q}, sum_${row}_${q});`;
    });
  return `${times(tile.rows, loadA)}
    ${times(step, (lane) => `{ ${times(vectors, loadB(lane))}\n${times(tile.rows, add(lane))} }`)}`;
}
