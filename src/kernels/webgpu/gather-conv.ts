import { type Lanes, lanesOf, times } from './program.ts';

/**
 * Constants of a convolution in which every invocation gathers its own outputs: target [N,TH,TW,TC] from source
 * [N,SH,SW,SC] and weights [k,k,SC,TC].
 *
 * Forward, target row t reads source rows t * stride - pad + ky. Transposed (the gradient by the input), it reads
 * source row (t + pad - ky) / stride where that is whole: with a stride of 2 a target row has either the even or the
 * odd ky, so no inserted zero is ever visited.
 *
 * An invocation keeps rows x columns x filters outputs in registers. Rows of a tile are `stride` apart when transposed,
 * so that they share their ky. Which source column meets which kernel column is settled here, while the code is made.
 */
export interface GatherConvolution {
  readonly images: number;
  readonly source: readonly [rows: number, columns: number, channels: number];
  readonly target: readonly [rows: number, columns: number, channels: number];
  readonly kernelSize: number;
  readonly stride: 1 | 2;
  readonly pad: number;
  readonly transposed: boolean;
  readonly tile: ConvolutionTile;
}

export interface ConvolutionTile {
  readonly rows: number;
  /** A multiple of the stride when transposed. */
  readonly columns: number;
  /** A multiple of four. */
  readonly filters: number;
}

interface Tiles {
  readonly rows: number;
  readonly columns: number;
  readonly filters: number;
  readonly total: number;
}

/** The constants of the WGSL. All else is given in `sizesOf`, so that layers share pipelines. */
export interface GatherShape {
  readonly kernelSize: number;
  readonly stride: 1 | 2;
  readonly pad: number;
  readonly transposed: boolean;
  readonly tile: ConvolutionTile;
  readonly sourceLanes: Lanes;
  readonly targetLanes: Lanes;
}

/** The part of a convolution that its WGSL depends on. */
export function shapeOf(convolution: GatherConvolution): GatherShape {
  const { kernelSize, stride, pad, transposed, tile, source, target } = convolution;
  return {
    kernelSize,
    stride,
    pad,
    transposed,
    tile,
    sourceLanes: lanesOf(source[2]),
    targetLanes: lanesOf(target[2]),
  };
}

/** The rest of it. `blocks` are vectors of source channels. */
export function sizesOf(convolution: GatherConvolution): Record<string, number> {
  const { source, target } = convolution;
  const tiles = tilesOf(convolution);
  return {
    sourceRows: source[0],
    sourceColumns: source[1],
    blocks: source[2] / lanesOf(source[2]),
    targetRows: target[0],
    targetColumns: target[1],
    targetChannels: target[2],
    rowTiles: tiles.rows,
    columnTiles: tiles.columns,
    filterTiles: tiles.filters,
  };
}

/** How many tiles there are each way, and invocations in all. */
export function tilesOf({ images, target, stride, transposed, tile }: GatherConvolution): Tiles {
  const phases = transposed ? stride : 1;
  const rows = phases * Math.ceil(Math.ceil(target[0] / phases) / tile.rows);
  const columns = Math.ceil(target[1] / tile.columns);
  const filters = Math.ceil(target[2] / tile.filters);
  return { rows, columns, filters, total: images * rows * columns * filters };
}

/** The tap of a source column: the target column and kernel column that it belongs to. */
interface Tap {
  readonly targetColumn: number;
  readonly kernelColumn: number;
  /** Source column, counted from the tile's first. */
  readonly sourceColumn: number;
}

function tapsOf({ kernelSize, stride, pad, transposed, tile }: GatherShape): Tap[] {
  const taps: Tap[] = [];
  for (let kernelColumn = 0; kernelColumn < kernelSize; kernelColumn++) {
    for (let targetColumn = 0; targetColumn < tile.columns; targetColumn++) {
      const sourceColumn = transposed
        ? (targetColumn + pad - kernelColumn) / stride
        : targetColumn * stride - pad + kernelColumn;
      if (Number.isInteger(sourceColumn)) taps.push({ targetColumn, kernelColumn, sourceColumn });
    }
  }
  return taps;
}

/**
 * WGSL of a gathering convolution; inputs `source` and `weights`. Tested against tfjs's cpu backend in conv.test.ts.
 */
export function gatherConvolution(constants: GatherShape): string {
  const { kernelSize, stride, pad, transposed, tile, sourceLanes, targetLanes } = constants;
  const taps = tapsOf(constants);
  const vectors = tile.filters / 4;
  const wholeVectors = targetLanes === 4;
  const columnsRead = [...new Set(taps.map(({ sourceColumn }) => sourceColumn))].sort((a, b) => a - b);
  const columnName = (column: number) => (column < 0 ? `m${-column}` : `${column}`);
  const sourceType = sourceLanes === 4 ? 'vec4<f32>' : 'f32';

  const weight = (q: number) =>
    wholeVectors
      ? `let w${q} = weights[at / 4 + ${q}];`
      : // Past a row's end these are other numbers, whose sums are not written.
        `let w${q} = vec4<f32>(weights[at + ${4 * q}], weights[at + ${4 * q + 1}], weights[at + ${4 * q + 2}], weights[at + ${4 * q + 3}]);`;

  const multiply = (kernelColumn: number, lane: number) => `
        {
          let at = (((ky * ${kernelSize} + ${kernelColumn}) * blocks + block) * ${sourceLanes} + ${lane}) * targetChannels + filter0;
          ${times(vectors, weight)}
          ${taps
            .filter((tap) => tap.kernelColumn === kernelColumn)
            .flatMap(({ targetColumn, sourceColumn }) =>
              Array.from({ length: tile.rows * vectors }, (_, index) => {
                const row = Math.floor(index / vectors);
                const q = index % vectors;
                const value = `s_${row}_${columnName(sourceColumn)}${sourceLanes === 4 ? `.${'xyzw'[lane]}` : ''}`;
                const sum = `sum_${row}_${targetColumn}_${q}`;
                return `${sum} = fma(vec4<f32>(${value}), w${q}, ${sum});`;
              }),
            )
            .join('\n')}
        }`;

  const store = (row: number, column: number, q: number) => {
    const sum = `sum_${row}_${column}_${q}`;
    const filter = `filter0 + ${4 * q}`;
    const at = `((image * targetRows + row0 + ${row * (transposed ? stride : 1)}) * targetColumns + column0 + ${column}) * targetChannels + ${filter}`;
    const inside = `row0 + ${row * (transposed ? stride : 1)} < targetRows && column0 + ${column} < targetColumns`;
    if (wholeVectors) return `if (${inside} && ${filter} < targetChannels) { result[(${at}) / 4] = ${sum}; }`;
    return times(
      4,
      (lane) =>
        `if (${inside} && ${filter} + ${lane} < targetChannels) { result[${at} + ${lane}] = ${sum}.${'xyzw'[lane]}; }`,
    );
  };

  return `
fn compute(index : i32) {
  let sourceRows = uniforms.sourceRows;
  let sourceColumns = uniforms.sourceColumns;
  let blocks = uniforms.blocks;
  let targetRows = uniforms.targetRows;
  let targetColumns = uniforms.targetColumns;
  let targetChannels = uniforms.targetChannels;
  var rest = index;
  let filter0 = (rest % uniforms.filterTiles) * ${tile.filters};
  rest = rest / uniforms.filterTiles;
  let column0 = (rest % uniforms.columnTiles) * ${tile.columns};
  rest = rest / uniforms.columnTiles;
  let rowTile = rest % uniforms.rowTiles;
  let image = rest / uniforms.rowTiles;
  let row0 = ${transposed ? `(rowTile / ${stride}) * ${tile.rows * stride} + rowTile % ${stride}` : `rowTile * ${tile.rows}`};
  let sourceColumn0 = ${transposed ? `column0 / ${stride}` : `column0 * ${stride}`};
  ${times(tile.rows, (row) =>
    times(tile.columns, (column) => times(vectors, (q) => `var sum_${row}_${column}_${q} = vec4<f32>(0.0);`)),
  )}
  ${columnsRead.map((column) => `let inside_${columnName(column)} = sourceColumn0 + (${column}) >= 0 && sourceColumn0 + (${column}) < sourceColumns;`).join('\n')}
  for (var ky = ${transposed ? `(row0 + ${pad}) % ${stride}` : '0'}; ky < ${kernelSize}; ky = ky + ${transposed ? stride : 1}) {
    let sourceRow0 = ${transposed ? `(row0 + ${pad} - ky) / ${stride}` : `row0 * ${stride} - ${pad} + ky`};
    ${times(tile.rows, (row) => {
      const sourceRow = `sourceRow0 + ${transposed ? row : row * stride}`;
      return `let rowInside_${row} = ${sourceRow} >= 0 && ${sourceRow} < sourceRows;
      ${columnsRead
        .map((column) => {
          const name = `${row}_${columnName(column)}`;
          return `let valid_${name} = rowInside_${row} && inside_${columnName(column)};
          let at_${name} = select(0, ((image * sourceRows + ${sourceRow}) * sourceColumns + sourceColumn0 + (${column})) * blocks, valid_${name});`;
        })
        .join('\n')}`;
    })}
    for (var block = 0; block < blocks; block = block + 1) {
      ${times(tile.rows, (row) =>
        columnsRead
          .map((column) => {
            const name = `${row}_${columnName(column)}`;
            return `let s_${name} = select(${sourceType}(0.0), source[at_${name} + block], valid_${name});`;
          })
          .join('\n'),
      )}
      ${times(kernelSize, (kernelColumn) => times(sourceLanes, (lane) => multiply(kernelColumn, lane)))}
    }
  }
  ${times(tile.rows, (row) => times(tile.columns, (column) => times(vectors, (q) => store(row, column, q))))}
}`;
}
