const [ROWS, VECTORS] = [4, 2];

/** Multiplications and additions of one turn of the loop. */
export const BARE_LOOP_FLOPS = ROWS * VECTORS * 4 * 2;

const V128 = 0x7b;
const FIRST_LANE = [0xfd, 0x1f, 0];
const ADD = [0xfd, 0xe4, 1];
const MULTIPLY = [0xfd, 0xe6, 1];
/** From a fixed place in memory, in bytes. */
const loadVector = (place: number) => [0x41, 0, 0xfd, 0x00, 2, place];
const loadSplat = (place: number) => [0x41, 0, 0xfd, 0x09, 2, place];
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
/** Locals: the turns left, a number of a row, the vectors of a column, and the tile. */
const [COUNT, A, B, TILE] = [0, 1, 2, 2 + VECTORS];

/**
 * A loop of WebAssembly SIMD that does nothing but the multiply-adds of a tile of 4 × 8 numbers in registers, always
 * with the same numbers from memory: the inner loop of a matrix product without the cost of its data.
 */
export async function openBareLoop(): Promise<(turns: number) => void> {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const columns = Array.from({ length: VECTORS }, (_, column) => column);
  const place = (row: number, column: number) => TILE + row * VECTORS + column;
  const turn = [
    ...columns.flatMap((column) => [...loadVector(16 + 16 * column), ...set(B + column)]),
    ...rows.flatMap((row) => [
      ...[...loadSplat(4 * row), ...set(A)],
      ...columns.flatMap((column) => [
        ...[...get(place(row, column)), ...get(A), ...get(B + column), ...MULTIPLY, ...ADD],
        ...set(place(row, column)),
      ]),
    ]),
  ];
  const tile = rows.flatMap((row) => columns.map((column) => place(row, column)));
  const code = [
    ...[1, 1 + VECTORS + tile.length, V128],
    ...[0x03, 0x40, ...turn],
    // Once less, and again unless that is zero.
    ...[...get(COUNT), 0x41, 1, 0x6b, 0x22, COUNT, 0x0d, 0, 0x0b],
    ...get(TILE),
    ...tile.slice(1).flatMap((x) => [...get(x), ...ADD]),
    ...[...FIRST_LANE, 0x0b],
  ];
  const name = (text: string) => sized([...new TextEncoder().encode(text)]);
  const bytes = Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // (i32) -> f32, one page of memory
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name('run'), 0, 0, ...name('memory'), 2, 0]),
    ...section(10, [1, ...sized(code)]),
  );
  const { instance } = await WebAssembly.instantiate(bytes);
  const { run, memory } = instance.exports;
  if (typeof run !== 'function' || !(memory instanceof WebAssembly.Memory))
    throw new Error('The loop was not exported.');
  new Float32Array(memory.buffer).fill(0.001, 0, 64);
  return (turns) => {
    const sum: unknown = run(turns);
    if (!(Number(sum) > 0)) throw new Error(`The loop gave ${sum}.`);
  };
}

function section(id: number, contents: readonly number[]): number[] {
  return [id, ...sized(contents)];
}

/** With their length before them, in LEB128. */
function sized(contents: readonly number[]): number[] {
  const length: number[] = [];
  let rest = contents.length;
  for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
  return [...length, rest, ...contents];
}
