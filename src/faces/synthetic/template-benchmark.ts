import { stream, type Uniform } from '../../config/random.ts';
import type { FaceSet } from '../face-set.ts';
import type { BenchmarkOptions } from './benchmarks.ts';
import { bell, clamp } from './elementary.ts';
import { drawNuisance, type Nuisance } from './nuisance.ts';
import { drawFaces } from './population.ts';

/** Sets of stills and video frames compared with each other, as IJB-B and IJB-C do. */
export interface TemplateBenchmark {
  readonly kind: 'templates';
  readonly name: string;
  readonly faces: FaceSet;
  /** Template and medium of each image and how sure a face detector would be, 0 to 1; all [images]. */
  readonly templates: Int32Array<ArrayBuffer>;
  readonly media: Int32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
  /** Template ids of each pair, and 1 where both are of one person; ten balanced folds, people never in two. */
  readonly left: Int32Array<ArrayBuffer>;
  readonly right: Int32Array<ArrayBuffer>;
  readonly same: Uint8Array<ArrayBuffer>;
}

/** Templates of a person. */
export const PERSON_TEMPLATES = { 'ijb-b': 3, 'ijb-c': 4 } as const;
/** Media of a template: how many frames each of them gives; 1 is a still. */
const MEDIA = { 'ijb-b': [1, 3], 'ijb-c': [1, 1, 3] } as const;
const FOLDS = 10;

interface TemplateBenchmarkOptions extends BenchmarkOptions {
  readonly variation: 'ijb-b' | 'ijb-c';
  readonly name: string;
  /** People of a fold. */
  readonly people: number;
  /** Same pairs of a fold, and different ones. */
  readonly aKind: number;
}

/** Draws the templates and pairs them. */
export async function templateBenchmark(options: TemplateBenchmarkOptions): Promise<TemplateBenchmark> {
  const { variation, seed, name, people, aKind } = options;
  const frames = MEDIA[variation];
  const perTemplate = frames.reduce<number>((sum, count) => sum + count, 0);
  const templatesEach = PERSON_TEMPLATES[variation];
  const photos = templatesEach * perTemplate;
  const identities = people * FOLDS;
  const total = identities * photos;
  const templates = new Int32Array(total);
  const media = new Int32Array(total);
  const scores = new Float32Array(total);
  const mediumOf = frames.flatMap((count, medium) => Array.from({ length: count }, () => medium));

  const faces = await drawFaces(
    { ...options, part: 'test', identities, imagesPerIdentity: photos },
    (person, photo) => {
      const template = Math.floor(photo / perTemplate);
      const medium = template * frames.length + (mediumOf[photo % perTemplate] ?? 0);
      const image = person * photos + photo;
      const still = drawNuisance(seed, 'test', person, medium, variation);
      const moving = (frames[medium % frames.length] ?? 1) > 1;
      const nuisance = moving ? frameOf(still, stream(seed, 'frame', person, photo)) : still;
      templates[image] = person * templatesEach + template;
      media[image] = medium;
      scores[image] = detectorScore(nuisance);
      return nuisance;
    },
  );

  const uniform = stream(seed, 'benchmark', variation);
  const left: number[] = [];
  const right: number[] = [];
  const same: number[] = [];
  const any = (count: number) => Math.floor(uniform() * count);
  for (let fold = 0; fold < FOLDS; fold++) {
    for (const alike of [true, false]) {
      for (let index = 0; index < aKind; index++) {
        const person = index % people;
        const other = alike ? person : (person + 1 + any(people - 1)) % people;
        // Every pair of a person's templates in turn.
        const a = Math.floor(index / people) % templatesEach;
        const b = alike
          ? (a + 1 + (Math.floor(index / (people * templatesEach)) % (templatesEach - 1))) % templatesEach
          : any(templatesEach);
        left.push((fold * people + person) * templatesEach + a);
        right.push((fold * people + other) * templatesEach + b);
        same.push(alike ? 1 : 0);
      }
    }
  }
  return {
    kind: 'templates',
    name,
    faces,
    templates,
    media,
    scores,
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    same: Uint8Array.from(same),
  };
}

/** Another moment of the same video: same clothes, light and place; the head and the face have moved. */
function frameOf(still: Nuisance, uniform: Uniform): Nuisance {
  const turn = (Math.PI / 180) * 7;
  return {
    ...still,
    yaw: still.yaw + bell(uniform) * turn,
    pitch: still.pitch + bell(uniform) * turn * 0.5,
    movements: {
      ...still.movements,
      jawOpen: clamp(still.movements.jawOpen + bell(uniform) * 0.2, 0, 0.8),
      smile: clamp(still.movements.smile + bell(uniform) * 0.15, 0, 1),
    },
    gazeX: bell(uniform) * 0.35,
    motion: 1 + uniform() * 1.5,
    blur: still.blur + uniform() * 0.5,
    landmarkErrors: still.landmarkErrors.map((error) => error + bell(uniform) * 0.6),
  };
}

/** Frontal, sharp faces are found with certainty, turned and coarse ones with less. */
function detectorScore(nuisance: Nuisance): number {
  const turned = Math.abs(nuisance.yaw) / (Math.PI / 2);
  const coarse = clamp((64 - nuisance.resolution) / 64, 0, 1);
  return clamp(1 - 0.25 * turned - 0.4 * coarse, 0.1, 1);
}
