/** Zeros. */
export function clear(target: usize, bytes: usize): void {
  memory.fill(target, 0, bytes);
}

/** `rows` stretches of `bytes` from one spacing to another; with groups, the same for each group of rows. */
export function copyRows(
  source: usize, sourceRow: usize, target: usize, targetRow: usize, targetGroup: usize,
  bytes: usize, rows: i32, groups: i32,
): void {
  for (let group = 0; group < groups; group++) {
    let to = target;
    for (let row = 0; row < rows; row++) {
      copy(to, source, bytes);
      source += sourceRow;
      to += targetRow;
    }
    target += targetGroup;
  }
}

/** A loop and not memory.copy, whose call costs more than the few hundred bytes that a row has. */
function copy(to: usize, from: usize, bytes: usize): void {
  const end = to + bytes;
  while (to + 16 <= end) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  }
  while (to < end) {
    store<f32>(to, load<f32>(from));
    to += 4;
    from += 4;
  }
}

/**
 * Offsets in bytes of a grid's points: group g, row i, column j at ((g * groupStep + i * rowStep) + j * columnStep).
 */
export function fillGrid(
  table: usize, groups: i32, rows: i32, columns: i32, groupStep: u32, rowStep: u32, columnStep: u32,
): void {
  for (let group = 0; group < groups; group++) {
    for (let row = 0; row < rows; row++) {
      let offset = <u32>group * groupStep + <u32>row * rowStep;
      for (let column = 0; column < columns; column++) {
        store<u32>(table, offset);
        offset += columnStep;
        table += 4;
      }
    }
  }
}

/**
 * Bytes [images, size, size, 3] to floats v / 127.5 - 1, mirrored and moved: placement int32 [images, 3] is mirrored
 * (0 or 1), pixels right, pixels down.
 */
export function decodeFaces(
  bytes: usize, placement: usize, images: i32, rows: i32, columns: i32, channels: i32, batch: usize,
): void {
  for (let image = 0; image < images; image++) {
    const mirrored = load<i32>(placement);
    const right = load<i32>(placement, 4);
    const down = load<i32>(placement, 8);
    placement += 12;
    for (let row = 0; row < rows; row++) {
      const fromRow = max(0, min(rows - 1, row - down));
      for (let column = 0; column < columns; column++) {
        const moved = max(0, min(columns - 1, column - right));
        const fromColumn = mirrored == 1 ? columns - 1 - moved : moved;
        const from = bytes + <usize>(((image * rows + fromRow) * columns + fromColumn) * channels);
        for (let channel: usize = 0; channel < <usize>channels; channel++) {
          store<f32>(batch, <f32>(<f64>load<u8>(from + channel) * (2.0 / 255.0) - 1.0));
          batch += 4;
        }
      }
    }
  }
}
