import { fuzz } from '../../src/formats/testing/fuzz.ts';
import { FUZZ_TARGETS } from '../../src/formats/testing/fuzz-targets.ts';
import { seeded } from '../../src/formats/testing/mutations.ts';

/*
 * Damaged files of every format, read or refused by a typed error: anything else ends the run with the file in base64.
 *
 *   npx tsx bench/evidence/fuzz-formats.ts [files per format, 1000000] [seed, 1] [format name begins with]
 */

const [files = 1_000_000, seed = 1] = process.argv.slice(2, 4).map(Number);
const wanted = process.argv[4] ?? '';
let peak = 0;

for (const target of FUZZ_TARGETS.filter(({ name }) => name.startsWith(wanted))) {
  const below = seeded(seed);
  const started = performance.now();
  const total = { read: 0, refused: 0, slowestMs: 0 };
  for (let done = 0; done < files; done += 10_000) {
    const result = await fuzz(target, Math.min(10_000, files - done), below);
    total.read += result.read;
    total.refused += result.refused;
    total.slowestMs = Math.max(total.slowestMs, result.slowestMs);
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${target.name}: ${files} files, ${total.read} read, ${total.refused} refused, slowest ${total.slowestMs.toFixed(1)} ms, ` +
      `${seconds.toFixed(0)} s, peak memory ${(peak / 2 ** 20).toFixed(0)} MiB`,
  );
}
