import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { variantOf } from './adapter-variants.ts';
import { type Lanes, lanesOf, sizeOf } from './program.ts';

/**
 * A tensor [..., C] as rows x channels, shared out so that neighbouring invocations have neighbouring channels, then
 * neighbouring rows (whole lines of memory are read), and each keeps to its own channels over several rows.
 */
export interface ChannelRows {
  readonly rows: number;
  readonly channels: number;
  readonly lanes: Lanes;
  /** Invocations side by side in a row. */
  readonly vectors: number;
  /** Shares of the rows: share s has rows s, s + shares, s + 2 * shares, ... */
  readonly shares: number;
}

/** Rows each invocation takes where it writes as much as it reads. */
const ROWS_EACH = { few: 8, many: 4 };

/** Invocations for a sum over rows, the most shares it is cut into, and the fewest rows a share is worth. */
const SUM = {
  few: { invocations: 256, shares: 64, rows: 16 },
  many: { invocations: 65_536, shares: 2048, rows: 16 },
};

/** Shared out for element-wise work. */
export function rowsToMap(backend: WebGPUBackend, x: TensorInfo): ChannelRows {
  const shape = shapeOf(x);
  return { ...shape, shares: Math.ceil(shape.rows / ROWS_EACH[variantOf(backend, 'rowMap')]) };
}

/** Shared out for sums over the rows, of which there is then one a share. */
export function rowsToSum(backend: WebGPUBackend, x: TensorInfo): ChannelRows {
  const shape = shapeOf(x);
  const most = SUM[variantOf(backend, 'rowSum')];
  const shares = Math.min(most.shares, Math.ceil(most.invocations / shape.vectors), Math.ceil(shape.rows / most.rows));
  return { ...shape, shares: Math.max(1, shares) };
}

/** The uniforms that `overRows` reads; the lanes are a constant of its WGSL. */
export function sizesOf({ rows, vectors, shares }: ChannelRows): Record<string, number> {
  return { rows, vectors, shares };
}

/**
 * WGSL of a loop over an invocation's rows; `body` has `channel`, the index into vectors [C], and `at`, into [..., C].
 */
export function overRows(before: string, body: string, after = ''): string {
  return `
fn compute(index : i32) {
  let vectors = uniforms.vectors;
  let channel = index % vectors;
  let share = index / vectors;
  ${before}
  for (var row = share; row < uniforms.rows; row = row + uniforms.shares) {
    let at = row * vectors + channel;
    ${body}
  }
  ${after}
}`;
}

/** The WGSL type of a vector of channels. */
export function typeOf({ lanes }: Pick<ChannelRows, 'lanes'>): 'f32' | 'vec4<f32>' {
  return lanes === 4 ? 'vec4<f32>' : 'f32';
}

function shapeOf(x: TensorInfo): Omit<ChannelRows, 'shares'> {
  const channels = x.shape[x.shape.length - 1] ?? 1;
  const lanes = lanesOf(channels);
  return { rows: sizeOf(x) / channels, channels, lanes, vectors: channels / lanes };
}
