import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEngine } from '../../src/network/backend.ts';
import { embedderOf } from '../../src/training/embed-faces.ts';
import { scoreBenchmark } from '../../src/training/score-benchmark.ts';
import { templatesReport } from '../../src/verification/report.ts';
import { rocCurve } from '../../src/verification/roc.ts';
import { openIjb, referencePython, referenceScores, untrainedNetwork } from './score-folder.ts';
import { writeIjbFolder } from './write-folder.ts';

test.skipIf(referencePython.command === undefined)(
  `an IJB folder, from JPEG files to TAR@FAR, equals the reference${referencePython.skipped}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ijb-'));
    try {
      await writeIjbFolder(join(folder, 'IJBC'), { templates: 100, imagesPerTemplate: 3, pairs: 5000, seed: 1 });
      await openEngine({ preference: 'wasm' });
      const source = await openIjb(join(folder, 'IJBC'));
      expect([source.imageCount, source.pairs.same.length]).toEqual([300, 5000]);
      const network = untrainedNetwork();
      const distances = await scoreBenchmark(embedderOf(network), source);
      const expected = await referenceScores(network, source, folder);
      expect(expected.scores).toHaveLength(5000);
      const apart = expected.scores.map((cosine, pair) => Math.abs(2 - 2 * cosine - (distances[pair] ?? Number.NaN)));
      expect(Math.max(...apart)).toBeLessThan(1e-9);
      const report = templatesReport(rocCurve(distances, source.pairs.same));
      expect(report.auc).toBeCloseTo(expected.areaUnderCurve, 9);
      expect(report.eer).toBeCloseTo(expected.equalErrorRate, 6);
      expect(report.tarAtFar.map(({ tar }) => tar)).toEqual(expected.tarAtNearestFar);
      // The detector, the media and the alignment are not without effect: the network is, of itself, above chance.
      expect(report.auc).toBeGreaterThan(0.55);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
