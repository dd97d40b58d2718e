import { VerificationProblem } from './problem.ts';

/*
 * The treatment of embeddings before they are scored, as in InsightFace's eval/verification.py. In double precision, as
 * there: pairs that lie on a threshold fall on the same side.
 */

/**
 * Flip test: the embeddings of an image and of its mirror image are summed, then normalised.
 * Both arguments and the result are [N, dimension], row by row. A sum of zero stays zero.
 * @throws VerificationProblem `sizes-differ`
 */
export function flipTest(
  original: ArrayLike<number>,
  flipped: ArrayLike<number>,
  dimension: number,
): Float64Array<ArrayBuffer> {
  if (original.length !== flipped.length || original.length % dimension !== 0) {
    throw new VerificationProblem(
      'sizes-differ',
      `There are ${original.length} numbers for the images and ${flipped.length} for their mirror images, ${dimension} an image.`,
      'Give both arrays the same shape, [images, dimension].',
    );
  }
  const sum = Float64Array.from({ length: original.length }, (_, i) => (original[i] ?? 0) + (flipped[i] ?? 0));
  return normaliseRows(sum, dimension);
}

/**
 * Refuses embeddings that are no directions: a row with NaN or an infinite number, or nothing but zeros. `nameOf` names
 * the image of a row, [N, dimension] each. One NaN row would make every score a lie: nothing is nearer than NaN.
 * @throws VerificationProblem `not-finite`
 */
export function checkEmbeddings(
  original: ArrayLike<number>,
  flipped: ArrayLike<number>,
  dimension: number,
  nameOf: (row: number) => string,
): void {
  const images = original.length / dimension;
  const zeros: number[] = [];
  let nonZero = 0;
  for (let at = 0; at < original.length; at++) {
    const mirrored = !Number.isFinite(flipped[at]);
    if (mirrored || !Number.isFinite(original[at])) {
      const row = Math.floor(at / dimension);
      const which = mirrored && Number.isFinite(original[at]) ? `the mirror image of ${nameOf(row)}` : nameOf(row);
      throw new VerificationProblem(
        'not-finite',
        `The embedding of ${which} is not finite: it holds ${mirrored && Number.isFinite(original[at]) ? flipped[at] : original[at]}.`,
        'Nothing was scored. Check the network on this image: its weights or its input are not finite.',
      );
    }
    if (original[at] !== 0 || flipped[at] !== 0) nonZero++;
    if ((at + 1) % dimension !== 0) continue;
    if (nonZero === 0) zeros.push(Math.floor(at / dimension));
    nonZero = 0;
  }
  const [first] = zeros;
  if (first !== undefined) {
    throw new VerificationProblem(
      'not-finite',
      zeros.length === images && images > 1
        ? `The embeddings of all ${images} images are zero.`
        : `The embedding of ${nameOf(first)} is zero${zeros.length > 1 ? `, and so ${zeros.length > 2 ? 'are' : 'is'} ${zeros.length - 1} more` : ''}.`,
      'Nothing was scored: embeddings of zeros have no direction. Check the network and its input.',
    );
  }
}

/** Every row of [N, dimension] divided by its L2 norm, in a new array. A row of zeros stays zeros. */
function normaliseRows(rows: ArrayLike<number>, dimension: number): Float64Array<ArrayBuffer> {
  const normalised = Float64Array.from(rows);
  for (let start = 0; start < normalised.length; start += dimension) {
    const row = normalised.subarray(start, start + dimension);
    const norm = rowNorm(row);
    // As in scikit-learn's normalize: a row without a direction keeps its zeros.
    if (norm > 0) for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) / norm;
  }
  return normalised;
}

/** Mean L2 norm of the raw embeddings over both flips; InsightFace logs it as XNorm. */
export function meanNorm(original: ArrayLike<number>, flipped: ArrayLike<number>, dimension: number): number {
  const rows = (original.length + flipped.length) / dimension;
  let sum = 0;
  for (const embeddings of [original, flipped]) {
    for (let start = 0; start < embeddings.length; start += dimension) {
      let squares = 0;
      for (let i = start; i < start + dimension; i++) squares += (embeddings[i] ?? 0) ** 2;
      sum += Math.sqrt(squares);
    }
  }
  return sum / rows;
}

/**
 * Squared Euclidean distance of each pair, [P], 0 to 4 for normalised embeddings [N, dimension].
 * `left` and `right` are rows of `embeddings`.
 * @throws VerificationProblem `sizes-differ`
 */
export function pairDistances(
  embeddings: ArrayLike<number>,
  dimension: number,
  left: ArrayLike<number>,
  right: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  if (left.length !== right.length) {
    throw new VerificationProblem(
      'sizes-differ',
      `${left.length} left images cannot be paired with ${right.length} right ones.`,
      'Every pair needs two images.',
    );
  }
  return Float64Array.from({ length: left.length }, (_, pair) => {
    const a = (left[pair] ?? 0) * dimension;
    const b = (right[pair] ?? 0) * dimension;
    let squares = 0;
    for (let i = 0; i < dimension; i++) {
      const difference = (embeddings[a + i] ?? 0) - (embeddings[b + i] ?? 0);
      squares += difference * difference;
    }
    return squares;
  });
}

/** The pairs of a .bin file's order: rows 2k and 2k + 1 are pair k. */
export function neighbourDistances(embeddings: ArrayLike<number>, dimension: number): Float64Array<ArrayBuffer> {
  const pairs = Math.floor(embeddings.length / dimension / 2);
  const left = Int32Array.from({ length: pairs }, (_, pair) => 2 * pair);
  return pairDistances(
    embeddings,
    dimension,
    left,
    left.map((row) => row + 1),
  );
}

function rowNorm(row: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < row.length; i++) squares += (row[i] ?? 0) ** 2;
  return Math.sqrt(squares);
}
