/** Which triangle of which mesh each pixel shows, and where in it: a z-buffer without colours. */
export class VisibilityBuffer {
  readonly width: number;
  /** [width, width]; nearness of the visible surface, larger is nearer. */
  readonly nearness: Float32Array;
  /** Mesh seen, -1 for none. */
  readonly mesh: Int8Array;
  /** First corner of the triangle seen, an index into the mesh's triangles. */
  readonly corner: Int32Array;
  /** Weights of the triangle's first and second corner. */
  readonly first: Float32Array;
  readonly second: Float32Array;

  constructor(width: number) {
    this.width = width;
    this.nearness = new Float32Array(width * width);
    this.mesh = new Int8Array(width * width);
    this.corner = new Int32Array(width * width);
    this.first = new Float32Array(width * width);
    this.second = new Float32Array(width * width);
  }

  clear(): void {
    this.nearness.fill(-1e30);
    this.mesh.fill(-1);
  }

  /**
   * Draws triangles whose vertices are [n, 3] in pixels (x, y, nearness). One-sided meshes show the
   * side whose corners turn clockwise; `cover` below 0 cuts the surface away.
   */
  draw(
    vertices: Float32Array,
    triangles: Uint16Array,
    mesh: number,
    oneSided: boolean,
    cover: Float32Array | undefined,
  ): void {
    const { width, nearness } = this;
    for (let corner = 0; corner < triangles.length; corner += 3) {
      const ia = triangles[corner] ?? 0;
      const ib = triangles[corner + 1] ?? 0;
      const ic = triangles[corner + 2] ?? 0;
      const ax = vertices[ia * 3] ?? 0;
      const ay = vertices[ia * 3 + 1] ?? 0;
      const bx = vertices[ib * 3] ?? 0;
      const by = vertices[ib * 3 + 1] ?? 0;
      const cx = vertices[ic * 3] ?? 0;
      const cy = vertices[ic * 3 + 1] ?? 0;
      const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
      if (oneSided ? area <= 1e-9 : area === 0) continue;
      const lowX = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
      const highX = Math.min(width - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
      const lowY = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
      const highY = Math.min(width - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
      if (lowX > highX || lowY > highY) continue;
      const az = vertices[ia * 3 + 2] ?? 0;
      const bz = vertices[ib * 3 + 2] ?? 0;
      const cz = vertices[ic * 3 + 2] ?? 0;
      let ca = 1;
      let cb = 1;
      let cc = 1;
      if (cover !== undefined) {
        ca = cover[ia] ?? 0;
        cb = cover[ib] ?? 0;
        cc = cover[ic] ?? 0;
        if (ca < 0 && cb < 0 && cc < 0) continue;
      }
      const cut = ca < 0 || cb < 0 || cc < 0;
      const inverse = 1 / area;
      // Weights of a and b, linear over the plane.
      const stepAx = (by - cy) * inverse;
      const stepAy = (cx - bx) * inverse;
      const stepBx = (cy - ay) * inverse;
      const stepBy = (ax - cx) * inverse;
      const startX = lowX + 0.5 - cx;
      for (let y = lowY; y <= highY; y++) {
        const dy = y + 0.5 - cy;
        let wa = stepAx * startX + stepAy * dy;
        let wb = stepBx * startX + stepBy * dy;
        let pixel = y * width + lowX;
        for (let x = lowX; x <= highX; x++, pixel++, wa += stepAx, wb += stepBx) {
          const wc = 1 - wa - wb;
          if (wa < -1e-5 || wb < -1e-5 || wc < -1e-5) continue;
          const z = wa * az + wb * bz + wc * cz;
          if (z <= (nearness[pixel] ?? 0)) continue;
          if (cut && wa * ca + wb * cb + wc * cc < 0) continue;
          nearness[pixel] = z;
          this.mesh[pixel] = mesh;
          this.corner[pixel] = corner;
          this.first[pixel] = wa;
          this.second[pixel] = wb;
        }
      }
    }
  }
}
