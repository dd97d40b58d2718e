import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readEmbeddedPairs } from '../src/cli/embeddings-file.ts';
import { writeNpz } from '../src/formats/npz.ts';
import { readPairsBin } from '../src/formats/pairs-bin.ts';
import { textFrom } from '../src/formats/testing/python.ts';
import { pairsReport } from '../src/verification/report.ts';
import { referencePython } from './ijb/score-folder.ts';
import { onnxEmbeddings } from './onnx-embeddings.ts';

const faces = process.env.REAL_FACES_DIR;
const models = process.env.REAL_MODELS_DIR;
const missing = [
  faces === undefined ? 'REAL_FACES_DIR' : '',
  models === undefined ? 'REAL_MODELS_DIR' : '',
  referencePython.command === undefined ? 'a Python with numpy, SciPy and scikit-learn' : '',
].filter((part) => part !== '');
const title = missing.length === 0 ? '' : ` (skipped: ${missing.join(' and ')} missing)`;

const reference = z.object({
  distances: z.array(z.number()),
  accuracy: z.number(),
  deviation: z.number(),
  folds: z.array(z.object({ threshold: z.number(), accuracy: z.number() })),
  areaUnderCurve: z.number(),
  equalErrorRate: z.number(),
});

/** Pairs of each kind; bench/evidence/embed-pairs.ts takes all of them. */
const EACH = 20;

test.skipIf(missing.length > 0)(
  `a model trained elsewhere, from its .onnx and a real .bin to an accuracy${title}`,
  async () => {
    const { images, same } = readPairsBin(readFileSync(join(faces ?? '', 'bin/lfw_fold10_py2.bin')));
    // Same ones come first in the file; in turn, every fold has its share of both.
    const chosen = Array.from({ length: EACH }, (_, at) => [at, 300 + at]).flat();
    const issame = Uint8Array.from(chosen, (pair) => same[pair] ?? 0);
    const embeddings = await onnxEmbeddings(
      join(models ?? '', 'faceplugin/fr_feature.onnx'),
      chosen.flatMap((pair) => images.slice(2 * pair, 2 * pair + 2)),
    );
    const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
    try {
      const file = join(folder, 'embeddings.npz');
      writeFileSync(file, writeNpz({ ...embeddings, issame: { type: 'bool', shape: [issame.length], data: issame } }));
      const script = join(import.meta.dirname, 'verification-reference.py');
      const expected = reference.parse(JSON.parse(textFrom(referencePython.run([script, 'pairs', file]))));
      const pairs = readEmbeddedPairs(readFileSync(file));
      const report = pairsReport(pairs.distances, pairs.same);
      const apart = expected.distances.map((distance, pair) =>
        Math.abs(distance - (pairs.distances[pair] ?? Number.NaN)),
      );
      expect(Math.max(...apart)).toBeLessThan(1e-6);
      expect(report.folds).toEqual(expected.folds);
      expect(report.accuracy).toBeCloseTo(expected.accuracy, 12);
      expect(report.auc).toBeCloseTo(expected.areaUnderCurve, 9);
      expect(report.eer).toBeCloseTo(expected.equalErrorRate, 6);
      // The model is known for 97.5 % on LFW: colour order, scaling and flip cannot all be right by accident.
      expect(report.accuracy).toBeGreaterThan(0.9);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
