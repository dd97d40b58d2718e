import { STRIP } from "./panels";

// @ts-ignore: decorator
@inline
function addProduct(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/**
 * Y = A B, where the rows of A lie scattered: row m is `runs` stretches of `runLength` numbers, `runBytes` apart, the
 * first of them at a + inputs[m] bytes. That is a convolution without im2col: with a frame around the images, the
 * pixels under one row of a kernel are one stretch. B in panels, depth = runs * runLength. Row m of Y goes to
 * y + outputs[m] bytes, which must have room for `columns` rounded up to eight.
 * Four rows by eight columns at a time; past the last row, the last row again.
 */
export function multiply(
  a: usize, inputs: usize, rows: i32, runs: i32, runLength: i32, runBytes: usize,
  panels: usize, columns: i32, y: usize, outputs: usize,
): void {
  const last = rows - 1;
  const length = <usize>runLength << 2;
  const skip = runBytes - length;
  const strip = <usize>runs * <usize>runLength * STRIP;
  for (let column = 0; column < columns; column += 8) {
    for (let row = 0; row < rows; row += 4) {
      const m0 = <usize>row << 2;
      const m1 = <usize>min(row + 1, last) << 2;
      const m2 = <usize>min(row + 2, last) << 2;
      const m3 = <usize>min(row + 3, last) << 2;
      let a0 = a + <usize>load<u32>(inputs + m0);
      let a1 = a + <usize>load<u32>(inputs + m1);
      let a2 = a + <usize>load<u32>(inputs + m2);
      let a3 = a + <usize>load<u32>(inputs + m3);
      let b = panels;
      let y00 = f32x4.splat(0), y01 = y00;
      let y10 = y00, y11 = y00;
      let y20 = y00, y21 = y00;
      let y30 = y00, y31 = y00;
      for (let run = 0; run < runs; run++) {
        const end = a0 + length;
        while (a0 < end) {
          const left = v128.load(b);
          const right = v128.load(b, 16);
          const x0 = v128.load_splat<f32>(a0);
          y00 = addProduct(y00, x0, left);
          y01 = addProduct(y01, x0, right);
          const x1 = v128.load_splat<f32>(a1);
          y10 = addProduct(y10, x1, left);
          y11 = addProduct(y11, x1, right);
          const x2 = v128.load_splat<f32>(a2);
          y20 = addProduct(y20, x2, left);
          y21 = addProduct(y21, x2, right);
          const x3 = v128.load_splat<f32>(a3);
          y30 = addProduct(y30, x3, left);
          y31 = addProduct(y31, x3, right);
          a0 += 4;
          a1 += 4;
          a2 += 4;
          a3 += 4;
          b += STRIP;
        }
        a0 += skip;
        a1 += skip;
        a2 += skip;
        a3 += skip;
      }
      const y0 = y + <usize>load<u32>(outputs + m0);
      const y1 = y + <usize>load<u32>(outputs + m1);
      const y2 = y + <usize>load<u32>(outputs + m2);
      const y3 = y + <usize>load<u32>(outputs + m3);
      v128.store(y0, y00);
      v128.store(y0, y01, 16);
      v128.store(y1, y10);
      v128.store(y1, y11, 16);
      v128.store(y2, y20);
      v128.store(y2, y21, 16);
      v128.store(y3, y30);
      v128.store(y3, y31, 16);
    }
    panels += strip;
    y += STRIP;
  }
}

/**
 * Rows `from` to `to` of W += A' B, the rows of A scattered as in `multiply`, B [rows, columns] in panels. W is
 * [runs * runLength, columns rounded up to eight], row-major; `from` is a multiple of four. `scratch` has room for
 * rows * 16 bytes: four columns of A at a time are gathered there, then multiplied with every strip of B.
 */
export function multiplyTransposed(
  a: usize, inputs: usize, rows: i32, runs: i32, runLength: i32, runBytes: usize,
  panels: usize, columns: i32, w: usize, scratch: usize, from: i32, to: i32,
): void {
  const wide = (columns + 7) & ~7;
  const rowBytes = <usize>wide << 2;
  const depth = runs * runLength;
  w += <usize>from * rowBytes;
  for (let first = from; first < to; first += 4) {
    const deep = min(4, to - first);
    const inside = first % runLength;
    const source = a + <usize>(first / runLength) * runBytes + (<usize>inside << 2);
    if (inside + 4 <= runLength) gather(source, inputs, rows, scratch);
    else {
      // The four columns cross into the next stretch; past the last of them, the last again.
      const last = depth - 1;
      gatherEach(
        source,
        a + offsetOf(min(first + 1, last), runLength, runBytes),
        a + offsetOf(min(first + 2, last), runLength, runBytes),
        a + offsetOf(min(first + 3, last), runLength, runBytes),
        inputs, rows, scratch,
      );
    }
    let b = panels;
    for (let column = 0; column < wide; column += 8) {
      multiplyGathered(scratch, b, rows, deep, w + (<usize>column << 2), rowBytes);
      b += <usize>rows * STRIP;
    }
    w += <usize>deep * rowBytes;
  }
}

// @ts-ignore: decorator
@inline
function offsetOf(column: i32, runLength: i32, runBytes: usize): usize {
  return <usize>(column / runLength) * runBytes + (<usize>(column % runLength) << 2);
}

/** Four neighbouring numbers of each row of A. */
function gather(a: usize, inputs: usize, rows: i32, scratch: usize): void {
  const end = inputs + (<usize>rows << 2);
  while (inputs < end) {
    v128.store(scratch, v128.load(a + <usize>load<u32>(inputs)));
    inputs += 4;
    scratch += 16;
  }
}

function gatherEach(a0: usize, a1: usize, a2: usize, a3: usize, inputs: usize, rows: i32, scratch: usize): void {
  const end = inputs + (<usize>rows << 2);
  while (inputs < end) {
    const row = <usize>load<u32>(inputs);
    store<f32>(scratch, load<f32>(a0 + row));
    store<f32>(scratch, load<f32>(a1 + row), 4);
    store<f32>(scratch, load<f32>(a2 + row), 8);
    store<f32>(scratch, load<f32>(a3 + row), 12);
    inputs += 4;
    scratch += 16;
  }
}

/** W [deep, 8] += A' B with A [rows, 4] and one strip of B. */
function multiplyGathered(a: usize, b: usize, rows: i32, deep: i32, w: usize, rowBytes: usize): void {
  let w00 = f32x4.splat(0), w01 = w00;
  let w10 = w00, w11 = w00;
  let w20 = w00, w21 = w00;
  let w30 = w00, w31 = w00;
  const end = a + (<usize>rows << 4);
  while (a < end) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    const x0 = v128.load_splat<f32>(a);
    w00 = addProduct(w00, x0, left);
    w01 = addProduct(w01, x0, right);
    const x1 = v128.load_splat<f32>(a, 4);
    w10 = addProduct(w10, x1, left);
    w11 = addProduct(w11, x1, right);
    const x2 = v128.load_splat<f32>(a, 8);
    w20 = addProduct(w20, x2, left);
    w21 = addProduct(w21, x2, right);
    const x3 = v128.load_splat<f32>(a, 12);
    w30 = addProduct(w30, x3, left);
    w31 = addProduct(w31, x3, right);
    a += 16;
    b += STRIP;
  }
  addTo(w, w00, w01);
  if (deep > 1) addTo(w + rowBytes, w10, w11);
  if (deep > 2) addTo(w + (rowBytes << 1), w20, w21);
  if (deep > 3) addTo(w + rowBytes * 3, w30, w31);
}

// @ts-ignore: decorator
@inline
function addTo(w: usize, left: v128, right: v128): void {
  v128.store(w, f32x4.add(v128.load(w), left));
  v128.store(w, f32x4.add(v128.load(w, 16), right), 16);
}
