import { FACE_REGIONS, type RegionName } from '../face-set.ts';
import { paintBackdrop } from './backdrop.ts';
import { fitSimilarity, headRotation, project, type Similarity, TEMPLATE_LANDMARKS } from './camera.ts';
import { skinColour } from './complexion.ts';
import { developPicture } from './development.ts';
import { clamp, smoothstep } from './elementary.ts';
import { type FaceVersion, NEWEST_FACES } from './face-version.ts';
import { hairMesh } from './hair.ts';
import { HeadModel } from './head-model.ts';
import type { Identity } from './identity.ts';
import { LIGHT_CHANNELS, lightOf, lightVertices } from './lighting.ts';
import type { Mesh } from './mesh.ts';
import type { Nuisance } from './nuisance.ts';
import { shadePicture } from './shading.ts';
import { shellMemory } from './shell.ts';
import { VisibilityBuffer } from './visibility.ts';
import { wardrobe } from './wardrobe.ts';

/** A mesh as one photo shows it. */
export interface PlacedMesh {
  readonly mesh: Mesh;
  /** [vertices, 3]: x and y in render pixels, nearness. */
  readonly placed: Float32Array;
  /** [vertices, LIGHT_CHANNELS] */
  readonly lit: Float32Array;
}

const UNTURNED = Float64Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1]);

/** Draws photos of one size and region; keeps its buffers and the last person from photo to photo. */
export class FacePainter {
  readonly size: number;
  readonly region: RegionName;
  private readonly version: FaceVersion;
  private readonly scale: number;
  private readonly visibility: VisibilityBuffer;
  private readonly picture: Float32Array;
  private readonly coverage: Float32Array;
  private model: HeadModel | undefined;
  /** Working memory of the meshes of a photo, kept because photos come by the thousand. */
  private readonly hairMemory = shellMemory();
  private readonly pool: Float32Array[] = [];

  constructor(size: number, region: RegionName, version: FaceVersion = NEWEST_FACES) {
    this.version = version;
    this.size = size;
    this.region = region;
    // Several samples a pixel against jagged edges, and at least 64 samples across the face.
    this.scale = Math.max(2, Math.ceil(64 / size));
    this.visibility = new VisibilityBuffer(size * this.scale);
    this.picture = new Float32Array(size * size * 3);
    this.coverage = new Float32Array(size * size);
  }

  /** Draws one photo into `bytes`, [size, size, 3] RGB. */
  paint(identity: Identity, nuisance: Nuisance, bytes: Uint8Array): void {
    if (this.model?.identity !== identity) this.model = new HeadModel(identity, this.model);
    const { model, visibility } = this;
    const age = clamp(identity.age + nuisance.years, 16, 85);
    const sag = smoothstep(35, 80, age) * 1.2;
    const head = model.pose({ ...nuisance.movements, sag });
    const rotation = headRotation(nuisance);
    const projectedHead = project(head.positions, rotation, nuisance.distance, model.projected);
    const landmarks = model.landmarks(projectedHead);
    const targets = TEMPLATE_LANDMARKS.map((value, index) => value + (nuisance.landmarkErrors[index] ?? 0));
    const alignment = fitSimilarity(landmarks, targets);

    const meshes: Mesh[] = [head];
    const hair = hairMesh(identity, model.places, nuisance, age, this.hairMemory);
    if (hair !== undefined) meshes.push(hair);
    meshes.push(...model.ears);
    const skin = skinColour(identity);
    meshes.push(...wardrobe(nuisance, model.places, model.eyeZ, skin));

    visibility.clear();
    const headLight = lightOf(nuisance, rotation);
    const roomLight = lightOf(nuisance, UNTURNED);
    const region = FACE_REGIONS[this.region];
    const zoom = (this.size * this.scale) / region.size;
    const placedMeshes = meshes.map((mesh, index): PlacedMesh => {
      const placed =
        index === 0
          ? projectedHead
          : project(
              mesh.positions,
              mesh.turns ? rotation : UNTURNED,
              nuisance.distance,
              this.scratch(index, 0, mesh.positions.length),
            );
      toPixels(placed, alignment, region.left, region.top, zoom);
      visibility.draw(placed, mesh.triangles, index, mesh.oneSided, mesh.cover);
      const count = (mesh.positions.length / 3) * LIGHT_CHANNELS;
      const lit = lightVertices(
        mesh.normals,
        mesh.turns ? headLight : roomLight,
        mesh.material === 'skin' || mesh.material === 'ear' ? 0.22 : 0.1,
        index === 0 ? model.lit : this.scratch(index, 1, count),
      );
      return { mesh, placed, lit };
    });

    paintBackdrop(nuisance.grain, this.size, this.picture);
    shadePicture(
      {
        identity,
        nuisance,
        age,
        model,
        meshes: placedMeshes,
        visibility,
        scale: this.scale,
        zoom,
        version: this.version,
      },
      this.picture,
      this.coverage,
    );
    developPicture(this.picture, this.coverage, this.size, region.size, nuisance, bytes, this.version);
  }

  /** The share of each pixel of the last photo that is not backdrop: [size, size], a view that the next photo overwrites. */
  get lastCoverage(): Float32Array {
    return this.coverage;
  }

  private scratch(mesh: number, use: 0 | 1, length: number): Float32Array {
    const slot = mesh * 2 + use;
    let memory = this.pool[slot];
    if (memory === undefined || memory.length < length) {
      memory = new Float32Array(length);
      this.pool[slot] = memory;
    }
    return memory.subarray(0, length);
  }
}

function toPixels(placed: Float32Array, { a, b, tx, ty }: Similarity, left: number, top: number, zoom: number): void {
  for (let at = 0; at < placed.length; at += 3) {
    const x = placed[at] ?? 0;
    const y = placed[at + 1] ?? 0;
    placed[at] = (a * x - b * y + tx - left) * zoom;
    placed[at + 1] = (b * x + a * y + ty - top) * zoom;
  }
}
