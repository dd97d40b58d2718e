import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readPairsBin } from '../src/formats/pairs-bin.ts';
import { python2PairsBin } from '../src/formats/testing/pickles.ts';
import { file, Verification } from './verification.ts';

const realFaces = process.env.REAL_FACES_DIR;
const realModels = process.env.REAL_MODELS_DIR;

test.skip(realFaces === undefined || realModels === undefined, 'REAL_FACES_DIR and REAL_MODELS_DIR are not both set');

test('an ONNX model that was not trained here is right on nearly all of some LFW pairs', async ({ page }) => {
  const verification = await Verification.open(page);
  await verification.choose(join(realModels ?? '', 'faceplugin', 'fr_feature.onnx'));
  await expect(page.getByTestId('verify-networks')).toContainText('ONNX, 112 px, 512 numbers');
  const whole = readPairsBin(readFileSync(join(realFaces ?? '', 'bin', 'lfw_fold10_py2.bin')));
  // Fold 10 has its same pairs first; ten of each kind are enough for here.
  const kept = [...whole.same.keys()].filter((pair) => pair % 30 === 0);
  const images = kept.flatMap((pair) => whole.images.slice(2 * pair, 2 * pair + 2));
  await verification.add(
    file(
      'lfw.bin',
      python2PairsBin(
        images,
        kept.map((pair) => whole.same[pair] === 1),
      ),
    ),
  );
  await expect(verification.source('lfw')).toContainText('20 pairs');
  await page.getByLabel('Model input').selectOption('128');
  await verification.runFirstRow();
  const json = await verification.json();
  expect(json).toMatchObject({ networks: [{ name: 'fr_feature.onnx' }], benchmarks: [{ pairsAsGiven: false }] });
  const accuracy = Number(/(\d+\.\d) ±/.exec(await verification.row('lfw').innerText())?.[1]);
  expect(accuracy).toBeGreaterThanOrEqual(90);
});
