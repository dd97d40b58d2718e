import { VerificationProblem } from './problem.ts';

/*
 * The 1:1 template protocol of IJB-B and IJB-C, as InsightFace's eval_ijbc.py: image and mirror image summed (F), not
 * normalised (N1), weighted by the detector's score (D1); images of one medium averaged, media summed, then normalised.
 */

/** Which template and medium each image belongs to, and how sure the face detector was; all [images]. */
export interface TemplateImages {
  readonly templates: ArrayLike<number>;
  readonly media: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

/** Normalised template features, one row a template. */
export interface Templates {
  /** [templates, dimension], each of length 1 (or 0 where every image had embedding zero). */
  readonly features: Float64Array<ArrayBuffer>;
  readonly dimension: number;
  /** Template id to row. */
  readonly rows: ReadonlyMap<number, number>;
}

/**
 * Pools image embeddings into templates chunk by chunk, in any order. Memory is one row a template, for any number
 * of images: the mean over a medium and the sum over media are one weighted sum, whose weights are known beforehand.
 */
export class TemplatePool {
  readonly #dimension: number;
  readonly #images: TemplateImages;
  readonly #rows: ReadonlyMap<number, number>;
  /** [images], detector score / images of the same medium in the same template. */
  readonly #weights: Float64Array;
  readonly #sums: Float64Array<ArrayBuffer>;

  /** @throws VerificationProblem `sizes-differ` */
  constructor(images: TemplateImages, dimension: number) {
    const { templates, media, scores } = images;
    if (media.length !== templates.length || scores.length !== templates.length) {
      throw new VerificationProblem(
        'sizes-differ',
        `There are ${templates.length} template ids, ${media.length} media ids and ${scores.length} detector scores.`,
        'Give one of each for every image.',
      );
    }
    const rows = new Map<number, number>();
    const perMedium = new Map<string, number>();
    const key = (image: number) => `${templates[image]}/${media[image]}`;
    for (let image = 0; image < templates.length; image++) {
      const template = templates[image] ?? Number.NaN;
      if (!rows.has(template)) rows.set(template, rows.size);
      perMedium.set(key(image), (perMedium.get(key(image)) ?? 0) + 1);
    }
    this.#images = images;
    this.#dimension = dimension;
    this.#rows = rows;
    this.#weights = Float64Array.from(
      { length: templates.length },
      (_, image) => (scores[image] ?? 0) / (perMedium.get(key(image)) ?? 1),
    );
    this.#sums = new Float64Array(rows.size * dimension);
  }

  /**
   * Adds the images from `first` on; both arrays are [chunk, dimension].
   * @throws VerificationProblem `sizes-differ`
   */
  add(first: number, original: ArrayLike<number>, flipped: ArrayLike<number>): void {
    const chunk = original.length / this.#dimension;
    if (
      !Number.isInteger(chunk) ||
      flipped.length !== original.length ||
      first + chunk > this.#images.templates.length
    ) {
      throw new VerificationProblem(
        'sizes-differ',
        `${original.length} and ${flipped.length} numbers from image ${first} on do not fit ${this.#images.templates.length} images of ${this.#dimension} numbers.`,
        'Give the embeddings of whole images that the lists name.',
      );
    }
    for (let image = 0; image < chunk; image++) {
      const row = this.#rows.get(this.#images.templates[first + image] ?? Number.NaN) ?? 0;
      const weight = this.#weights[first + image] ?? 0;
      const to = row * this.#dimension;
      const from = image * this.#dimension;
      for (let i = 0; i < this.#dimension; i++) {
        const feature = (original[from + i] ?? 0) + (flipped[from + i] ?? 0);
        this.#sums[to + i] = (this.#sums[to + i] ?? 0) + weight * feature;
      }
    }
  }

  /** The templates of everything added so far, normalised. */
  finish(): Templates {
    const features = this.#sums.slice();
    for (let start = 0; start < features.length; start += this.#dimension) {
      const row = features.subarray(start, start + this.#dimension);
      const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
      if (norm > 0) for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) / norm;
    }
    return { features, dimension: this.#dimension, rows: this.#rows };
  }
}

/**
 * Squared distance of each pair of templates, 2 - 2 cosine, [pairs]; `left` and `right` are template ids. Call it chunk by chunk where the list
 * of pairs is long.
 * @throws VerificationProblem `sizes-differ`, `bad-template` (an id no image belongs to)
 */
export function templateDistances(
  templates: Templates,
  left: ArrayLike<number>,
  right: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  if (left.length !== right.length) {
    throw new VerificationProblem(
      'sizes-differ',
      `${left.length} left templates cannot be paired with ${right.length} right ones.`,
      'Every pair needs two templates.',
    );
  }
  const { features, dimension } = templates;
  const distances = new Float64Array(left.length);
  for (let pair = 0; pair < distances.length; pair++) {
    const a = startOf(templates, left[pair]);
    const b = startOf(templates, right[pair]);
    let cosine = 0;
    for (let i = 0; i < dimension; i++) cosine += (features[a + i] ?? 0) * (features[b + i] ?? 0);
    distances[pair] = 2 - 2 * cosine;
  }
  return distances;
}

function startOf(templates: Templates, id: number | undefined): number {
  const row = templates.rows.get(id ?? Number.NaN);
  if (row === undefined) {
    throw new VerificationProblem(
      'bad-template',
      `The pair list names template ${id}, but no image belongs to it.`,
      'Use the pair list and the image list of the same benchmark.',
    );
  }
  return row * templates.dimension;
}
