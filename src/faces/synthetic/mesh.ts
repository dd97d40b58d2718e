import type { Colour } from './nuisance.ts';

/** The material of a surface; decides its colour. */
export type Material = 'skin' | 'ear' | 'hair' | 'matte' | 'dark';

/** A surface in head coordinates (see head-grid.ts). */
export interface Mesh {
  readonly material: Material;
  /** [vertices, 3] */
  readonly positions: Float32Array;
  /** [vertices, 3], of length 1. */
  readonly normals: Float32Array;
  /** Three corners a triangle. */
  readonly triangles: Uint16Array;
  /** [vertices, 2]: where the vertex lies in the skin map, or along and across the strands of hair. */
  readonly coordinates: Float32Array;
  /** sRGB shares of a matte surface. */
  readonly colour: Colour;
  /** Only the side whose corners turn clockwise in the image is seen. */
  readonly oneSided: boolean;
  /** [vertices]: the surface ends where this falls below 0. */
  readonly cover?: Float32Array;
  /** False for parts that keep still while the head turns (the torso). */
  readonly turns: boolean;
}

/** Vertex normals as the sum of the neighbouring triangles' normals, outwards for clockwise corners. */
export function meshNormals(positions: Float32Array, triangles: Uint16Array, normals: Float32Array): Float32Array {
  normals.fill(0);
  for (let corner = 0; corner < triangles.length; corner += 3) {
    const a = (triangles[corner] ?? 0) * 3;
    const b = (triangles[corner + 1] ?? 0) * 3;
    const c = (triangles[corner + 2] ?? 0) * 3;
    const ax = positions[a] ?? 0;
    const ay = positions[a + 1] ?? 0;
    const az = positions[a + 2] ?? 0;
    const ux = (positions[b] ?? 0) - ax;
    const uy = (positions[b + 1] ?? 0) - ay;
    const uz = (positions[b + 2] ?? 0) - az;
    const vx = (positions[c] ?? 0) - ax;
    const vy = (positions[c + 1] ?? 0) - ay;
    const vz = (positions[c + 2] ?? 0) - az;
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    normals[a] = (normals[a] ?? 0) + nx;
    normals[a + 1] = (normals[a + 1] ?? 0) + ny;
    normals[a + 2] = (normals[a + 2] ?? 0) + nz;
    normals[b] = (normals[b] ?? 0) + nx;
    normals[b + 1] = (normals[b + 1] ?? 0) + ny;
    normals[b + 2] = (normals[b + 2] ?? 0) + nz;
    normals[c] = (normals[c] ?? 0) + nx;
    normals[c + 1] = (normals[c + 1] ?? 0) + ny;
    normals[c + 2] = (normals[c + 2] ?? 0) + nz;
  }
  for (let at = 0; at < normals.length; at += 3) {
    const x = normals[at] ?? 0;
    const y = normals[at + 1] ?? 0;
    const z = normals[at + 2] ?? 0;
    const length = Math.sqrt(x * x + y * y + z * z) || 1;
    normals[at] = x / length;
    normals[at + 1] = y / length;
    normals[at + 2] = z / length;
  }
  return normals;
}
