import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { areaUnder, rocCurve, tarAtNearestFar } from '../../src/verification/roc.ts';
import { TemplatePool, templateDistances } from '../../src/verification/templates.ts';

/*
 * Time and peak memory of the IJB 1:1 template protocol on random embeddings made chunk by chunk, at a share of IJB-C's
 * size (469,375 images, 23,124 templates, 15,658,489 pairs, of them 19,557 of one person).
 *
 *   npx tsx bench/evidence/ijb-scale.ts [share, 0.1] [dimension, 512]
 */

const IJB_C = { images: 469_375, templates: 23_124, pairs: 15_658_489, samePairs: 19_557 };
const CHUNK = 1024;

const [share = 0.1, dimension = 512] = process.argv.slice(2).map(Number);
const images = Math.round(IJB_C.images * share);
const templateCount = Math.round(IJB_C.templates * share);
const pairs = Math.round(IJB_C.pairs * share);
const generator = xoroshiro128plus(1);
const uniform = () => uniformFloat64(generator);

let peak = 0;
const look = () => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
const started = performance.now();
let embedding = 0;

const templates = Int32Array.from({ length: images }, (_, i) => i % templateCount);
const media = Int32Array.from({ length: images }, (_, i) => Math.floor(i / templateCount / 2));
const scores = Float32Array.from({ length: images }, uniform);
const pool = new TemplatePool({ templates, media, scores }, dimension);
const chunk = new Float32Array(CHUNK * dimension);
for (let first = 0; first < images; first += CHUNK) {
  const before = performance.now();
  const count = Math.min(CHUNK, images - first);
  for (let i = 0; i < count * dimension; i++) chunk[i] = uniform() - 0.5;
  embedding += performance.now() - before;
  pool.add(first, chunk.subarray(0, count * dimension), chunk.subarray(0, count * dimension));
  look();
}
const pooled = pool.finish();
look();
const poolSeconds = (performance.now() - started - embedding) / 1000;

const scoring = performance.now();
const results = new Float64Array(pairs);
const same = new Uint8Array(pairs);
for (let first = 0; first < pairs; first += 100_000) {
  const count = Math.min(100_000, pairs - first);
  const left = Int32Array.from({ length: count }, () => Math.floor(uniform() * templateCount));
  const right = Int32Array.from({ length: count }, () => Math.floor(uniform() * templateCount));
  results.set(templateDistances(pooled, left, right), first);
  for (let i = 0; i < count; i++) same[first + i] = uniform() < IJB_C.samePairs / IJB_C.pairs ? 1 : 0;
  look();
}
const scoreSeconds = (performance.now() - scoring) / 1000;

const curve = performance.now();
const roc = rocCurve(results, same);
const auc = areaUnder(roc);
look();
console.log(
  JSON.stringify({
    share,
    images,
    pairs,
    poolSeconds: Number(poolSeconds.toFixed(1)),
    scoreSeconds: Number(scoreSeconds.toFixed(1)),
    rocSeconds: Number(((performance.now() - curve) / 1000).toFixed(1)),
    rocPoints: roc.thresholds.length,
    // Random embeddings know nobody: about one half, and about the rate itself.
    auc: Number(auc.toFixed(3)),
    tarAt1e1: Number(tarAtNearestFar(roc, 0.1).toFixed(3)),
    peakMiB: Math.round(peak / 2 ** 20),
  }),
);
