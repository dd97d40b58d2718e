import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIjb, referenceScores, untrainedNetwork } from '../../scripts/ijb/score-folder.ts';
import { writeIjbFolder } from '../../scripts/ijb/write-folder.ts';
import { openEngine } from '../../src/network/backend.ts';
import { embedderOf } from '../../src/training/embed-faces.ts';
import { scoreBenchmark } from '../../src/training/score-benchmark.ts';
import { templatesReport } from '../../src/verification/report.ts';
import { rocCurve } from '../../src/verification/roc.ts';

/*
 * Processor time and peak memory of verifying on an IJB folder, from the files to TAR@FAR: lists read, JPEG images decoded, aligned
 * and embedded by a small network on WebAssembly, pooled, pairs scored. `check` compares with the numpy reference.
 *
 *   npx tsx bench/evidence/ijb-folder.ts [templates, 2000] [images of a template, 2] [pairs, 200000] [check]
 */

const [templates = 2000, imagesPerTemplate = 2, pairs = 200_000] = process.argv.slice(2, 5).map(Number);
const check = process.argv.includes('check');

const folder = mkdtempSync(join(tmpdir(), 'ijb-'));
let peak = 0;
const look = () => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
/** Seconds of processor time, which a busy machine does not stretch; decoding runs on threads of its own. */
const timed = async <T>(work: () => Promise<T>): Promise<readonly [T, number]> => {
  const before = process.cpuUsage();
  const result = await work();
  look();
  const { user, system } = process.cpuUsage(before);
  return [result, Number(((user + system) / 1e6).toFixed(2))];
};

try {
  const [, writeSeconds] = await timed(() =>
    writeIjbFolder(join(folder, 'IJBC'), { templates, imagesPerTemplate, pairs, seed: 1 }),
  );
  await openEngine({ preference: 'wasm' });
  const network = untrainedNetwork();
  look();
  const before = peak;
  const [source, openSeconds] = await timed(() => openIjb(join(folder, 'IJBC')));
  const [distances, scoreSeconds] = await timed(() => scoreBenchmark(embedderOf(network), source, { progress: look }));
  const [report, reportSeconds] = await timed(async () => templatesReport(rocCurve(distances, source.pairs.same)));
  const measured = {
    images: source.imageCount,
    templates,
    pairs,
    writeSeconds,
    openSeconds,
    scoreSeconds,
    reportSeconds,
    startMiB: Math.round(before / 2 ** 20),
    peakMiB: Math.round(peak / 2 ** 20),
    auc: Number(report.auc.toFixed(5)),
  };
  if (!check) console.log(JSON.stringify(measured));
  else {
    const expected = await referenceScores(network, source, folder);
    let apart = 0;
    for (const [pair, cosine] of expected.scores.entries()) {
      apart = Math.max(apart, Math.abs(2 - 2 * cosine - (distances[pair] ?? Number.NaN)));
    }
    const equal = report.tarAtFar.every(({ tar }, at) => tar === expected.tarAtNearestFar[at]);
    const aucApart = Math.abs(report.auc - expected.areaUnderCurve);
    console.log(JSON.stringify({ ...measured, largestDifference: apart, aucApart, tarAtFarEqual: equal }));
  }
} finally {
  rmSync(folder, { recursive: true });
}
