/*
 * Panels: a matrix B [depth, columns] cut into strips of eight columns, each strip stored row after row, so that a
 * multiplication walks it from front to back. The last strip is filled up with zeros. A strip is depth * 32 bytes.
 */

/** Bytes of one row of a strip. */
export const STRIP: usize = 32;

/** B is row-major, its rows `rowBytes` apart. */
export function packColumns(b: usize, rowBytes: usize, depth: i32, columns: i32, panels: usize): void {
  for (let first = 0; first < columns; first += 8) {
    let source = b + (<usize>first << 2);
    const wide = columns - first;
    for (let k = 0; k < depth; k++) {
      if (wide >= 8) {
        v128.store(panels, v128.load(source));
        v128.store(panels, v128.load(source, 16), 16);
      } else {
        for (let column = 0; column < 8; column++) {
          store<f32>(panels + (<usize>column << 2), column < wide ? load<f32>(source + (<usize>column << 2)) : 0);
        }
      }
      source += rowBytes;
      panels += STRIP;
    }
  }
}

/**
 * One strip of a matrix that is stored transposed: its columns are `columns` (1 to 8) stretches of `depth` numbers,
 * `columnBytes` apart.
 */
export function packStrip(b: usize, columnBytes: usize, columns: i32, depth: i32, strip: usize): void {
  let k = 0;
  if (columns >= 8) {
    const half = columnBytes << 2;
    for (; k + 4 <= depth; k += 4) {
      transpose4(b, columnBytes, strip);
      transpose4(b + half, columnBytes, strip + 16);
      b += 16;
      strip += STRIP << 2;
    }
  }
  for (; k < depth; k++) {
    for (let column = 0; column < 8; column++) {
      const value: f32 = column < columns ? load<f32>(b + <usize>column * columnBytes) : 0;
      store<f32>(strip + (<usize>column << 2), value);
    }
    b += 4;
    strip += STRIP;
  }
}

/** Four stretches of four numbers into the left or right half of four rows of a strip. */
// @ts-ignore: decorator
@inline
function transpose4(b: usize, columnBytes: usize, strip: usize): void {
  const c0 = v128.load(b);
  const c1 = v128.load(b + columnBytes);
  const c2 = v128.load(b + (columnBytes << 1));
  const c3 = v128.load(b + columnBytes * 3);
  const low01 = v128.shuffle<f32>(c0, c1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(c0, c1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(c2, c3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(c2, c3, 2, 6, 3, 7);
  v128.store(strip, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(strip, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 32);
  v128.store(strip, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 64);
  v128.store(strip, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 96);
}
