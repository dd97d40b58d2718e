import type { BenchmarkSource } from '../../faces/benchmark-source.ts';
import { FACE_CHANNELS } from '../../faces/face-set.ts';
import type { HardPair } from '../../verification/hard-pairs.ts';
import type { BenchmarkResult, ShownPair } from './protocol.ts';

/** The pairs with a picture of either side, each image once; of a template the one its detector was surest of. */
export async function picturesOf(
  source: BenchmarkSource,
  pairs: readonly HardPair[],
): Promise<{ readonly hardest: readonly ShownPair[]; readonly pictures: BenchmarkResult['pictures'] }> {
  const imageOf = source.kind === 'pairs' ? (side: number) => side : surestImages(source);
  const numbers = new Map<number, number>();
  const numberOf = (side: number) => {
    const image = imageOf(side);
    const known = numbers.get(image) ?? numbers.size;
    numbers.set(image, known);
    return known;
  };
  const hardest = pairs.map((pair): ShownPair => {
    const left = numberOf(source.pairs.left[pair.pair] ?? 0);
    return { ...pair, left, right: numberOf(source.pairs.right[pair.pair] ?? 0) };
  });
  const { size } = source;
  const bytes = size * size * FACE_CHANNELS;
  const images = new Uint8Array(numbers.size * bytes);
  for (const [image, number] of numbers) images.set(await source.image(image), number * bytes);
  return { hardest, pictures: { size, images } };
}

function surestImages({
  templates,
  scores,
}: Extract<BenchmarkSource, { kind: 'templates' }>): (template: number) => number {
  const best = new Map<number, number>();
  templates.forEach((template, image) => {
    const known = best.get(template);
    if (known === undefined || (scores[image] ?? 0) > (scores[known] ?? 0)) best.set(template, image);
  });
  return (template) => best.get(template) ?? 0;
}
