/*
 * npx tsx bench/synthetic-faces.ts [--pairs 600] [--seed 1]
 *
 * How fast synthetic faces are drawn, and how hard the benchmark analogues are for 16 × 16 grey correlation,
 * and whether anything but the face gives a person away.
 * Speed is per second of processor time, so that others on the machine do not count.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { FaceSet } from '../src/faces/face-set.ts';
import { faceAt, faceCount } from '../src/faces/face-set.ts';
import { BENCHMARK_NAMES, syntheticBenchmark } from '../src/faces/synthetic/benchmarks.ts';
import { population } from '../src/faces/synthetic/population.ts';
import { measureLeaks } from '../src/faces/synthetic/testing/leaks.ts';
import { VARIATIONS } from '../src/faces/synthetic/variation.ts';
import { pairDistances } from '../src/verification/embeddings.ts';
import { foldAccuracy } from '../src/verification/folds.ts';
import { TemplatePool, templateDistances } from '../src/verification/templates.ts';

const GREY = 16;

/** Grey pictures of GREY x GREY, each less its mean and of length 1: [N, GREY * GREY]. */
function greyRows(faces: FaceSet): Float64Array {
  const block = faces.size / GREY;
  const width = GREY * GREY;
  const rows = new Float64Array(faceCount(faces) * width);
  for (let image = 0; image < faceCount(faces); image++) {
    const pixels = faceAt(faces, image);
    const row = rows.subarray(image * width, (image + 1) * width);
    for (let y = 0; y < faces.size; y++) {
      for (let x = 0; x < faces.size; x++) {
        const at = (y * faces.size + x) * 3;
        const grey = 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
        const to = Math.floor(y / block) * GREY + Math.floor(x / block);
        row[to] = (row[to] ?? 0) + grey;
      }
    }
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const length = Math.sqrt(row.reduce((sum, value) => sum + (value - mean) ** 2, 0)) || 1;
    row.forEach((value, at) => {
      row[at] = (value - mean) / length;
    });
  }
  return rows;
}

async function speed(size: number, seed: number): Promise<string> {
  const draw = (identities: number) =>
    population({ seed, identities, imagesPerIdentity: 24, size, region: 'tight', variation: 'lfw' });
  await draw(6);
  const before = process.cpuUsage();
  const faces = await draw(24);
  const { user, system } = process.cpuUsage(before);
  return `| ${size} px | ${Math.round((faceCount(faces) / (user + system)) * 1e6)} |`;
}

const { values } = parseArgs({ options: { pairs: { type: 'string' }, seed: { type: 'string' } } });
const pairs = Number(values.pairs ?? 600);
const seed = Number(values.seed ?? 1);

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}\n`);
console.log('| size, inner face | images a second of one core |\n|---|---|');
for (const size of [16, 32, 48, 64, 112]) console.log(await speed(size, seed));

console.log(`\n| benchmark, ${pairs} pairs, 32 px, inner face | 16 × 16 grey correlation |\n|---|---|`);
for (const variation of VARIATIONS) {
  const benchmark = await syntheticBenchmark({ variation, seed, pairs, size: 32, region: 'tight' });
  const rows = greyRows(benchmark.faces);
  const width = GREY * GREY;
  let distances: Float64Array;
  let same: Uint8Array;
  if (benchmark.kind === 'pairs') {
    distances = pairDistances(rows, width, benchmark.pairs.left, benchmark.pairs.right);
    same = benchmark.pairs.same;
  } else {
    const pool = new TemplatePool(benchmark, width);
    pool.add(0, rows, rows);
    distances = templateDistances(pool.finish(), benchmark.left, benchmark.right);
    same = benchmark.same;
  }
  const { accuracy } = foldAccuracy(distances, same);
  console.log(`| ${BENCHMARK_NAMES[variation]} | ${(accuracy * 100).toFixed(1)} % |`);
}

const leaks = measureLeaks(seed + 1, 100);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
console.log('\n| a linear classifier sees, 100 people | finds the person |\n|---|---|');
console.log(`| backdrop only | ${percent(leaks.backdrop)} |`);
console.log(`| mean, contrast, compression only | ${percent(leaks.statistics)} |`);
console.log(`| pixels of the inner face | ${percent(leaks.face)} |`);
console.log(`| nothing (chance; significant from) | ${percent(leaks.chance)} (${percent(leaks.bound)}) |`);
