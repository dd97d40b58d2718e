import { describe, expect, it } from 'vitest';
import { VisibilityBuffer } from './visibility.ts';

const SQUARE = Uint16Array.from([0, 1, 2, 2, 1, 3]);
const square = (z: number) => Float32Array.from([1.3, 1.3, z, 14.7, 1.3, z, 1.3, 14.7, z, 14.7, 14.7, z]);

describe('the visibility buffer', () => {
  it('leaves no gap between triangles that share an edge', () => {
    const buffer = new VisibilityBuffer(16);
    buffer.clear();
    buffer.draw(square(0), SQUARE, 4, true, undefined);
    let seen = 0;
    for (let y = 1; y < 15; y++) for (let x = 1; x < 15; x++) seen += buffer.mesh[y * 16 + x] === 4 ? 1 : 0;
    expect(seen).toBe(14 * 14);
  });

  it('shows the nearer surface in either order of drawing', () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const buffer = new VisibilityBuffer(16);
      buffer.clear();
      for (const mesh of order) buffer.draw(square(mesh), SQUARE, mesh, true, undefined);
      expect(buffer.mesh[8 * 16 + 8]).toBe(1);
      expect(buffer.nearness[8 * 16 + 8]).toBeCloseTo(1, 5);
    }
  });

  it('hides the back of one-sided surfaces and cuts where the cover ends', () => {
    const buffer = new VisibilityBuffer(16);
    buffer.clear();
    buffer.draw(square(0), Uint16Array.from([0, 2, 1, 2, 3, 1]), 0, true, undefined);
    expect(buffer.mesh[8 * 16 + 8]).toBe(-1);
    buffer.draw(square(0), SQUARE, 0, true, Float32Array.from([-1, 1, -1, 1]));
    expect(buffer.mesh[8 * 16 + 4]).toBe(-1);
    expect(buffer.mesh[8 * 16 + 12]).toBe(0);
  });
});
