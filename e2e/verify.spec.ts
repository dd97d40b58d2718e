import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { exportNetwork } from '../src/exchange/export/export-network.ts';
import { bundleOnDisk } from '../src/exchange/pytorch/node/bundle-on-disk.ts';
import { smallConfig, trainedNetwork } from '../src/exchange/testing/trained.ts';
import { python2PairsBin } from '../src/formats/testing/pickles.ts';
import { expectAccessible, expectAccessibleInBothThemes } from './accessibility.ts';
import { numberFaults } from './layout.ts';
import { expectFitsPhone, PHONE } from './phone.ts';
import { Playground } from './playground.ts';
import { file, SETTINGS, savedRun, Verification } from './verification.ts';

/** Photos nobody would take for faces: each a colour of its own, so that pairs of one colour are alike. */
async function photo(red: number, green: number, blue: number): Promise<Uint8Array> {
  return sharp({ create: { width: 112, height: 112, channels: 3, background: { r: red, g: green, b: blue } } })
    .jpeg()
    .toBuffer();
}

/** 40 pairs in InsightFace's layout, same and different ones in turn. */
async function pairsBin(): Promise<Uint8Array> {
  const images: Uint8Array[] = [];
  const same: boolean[] = [];
  for (let pair = 0; pair < 40; pair++) {
    const alike = pair % 2 === 0;
    images.push(await photo(5 * pair, 255 - 5 * pair, 90), await photo(alike ? 5 * pair : 250, 255 - 5 * pair, 90));
    same.push(alike);
  }
  return python2PairsBin(images, same);
}

test('a run is verified while it trains on', async ({ page }) => {
  const run = await Playground.endless(page, SETTINGS);
  const verification = new Verification(page);
  await verification.show();
  await expect(page.getByTestId('verify-empty')).toContainText(
    'Nothing to verify yet. Train both arms, or drop two models.',
  );
  await page.getByRole('button', { name: 'Go to Train' }).click();
  await run.trains();
  await verification.show();
  await verification.fewPairs();
  await verification.run.click();
  await expect(verification.row('lfw')).toHaveAttribute('data-state', 'done');
  await expect(verification.source('lfw')).toHaveText('Drawn faces · 200 pairs');
  const said = await page.getByTestId('verify-verdict').innerText();
  const step = Number(/step ([\d\u202f]+)/.exec(said)?.[1]?.replaceAll('\u202f', ''));
  expect(step).toBeGreaterThanOrEqual(1);
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Train').click();
  await run.reachesStep(step + 1);
  await run.isRunning();
});

test('rows fill in, stop at Cancel, and are looked at and taken away as text', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const verification = await Verification.open(page);
  await verification.choose(file('run.zip', savedRun()));
  await verification.fewPairs();
  await verification.runFirstRow();
  await expect(page.locator('[data-testid^=verify-row-][data-state=done]')).toHaveCount(1);
  await expect(verification.row('ijb-c')).toHaveAttribute('data-state', 'idle');
  await expect(page.getByTestId('verify-sentence')).toContainText(/^Drawn LFW\. .+points, 95.% interval .+\.$/);
  const roc = page.getByRole('img', { name: /ROC on Drawn LFW.*AUC/ });
  await expect(roc).toBeVisible();
  await expect(roc.locator('.recharts-xAxis-tick-labels text').last()).toHaveText('1');
  expect(await numberFaults(page)).toEqual([]);
  await page.getByText('Scores', { exact: true }).click();
  await expect(page.getByRole('img', { name: /Similarity of the pairs of Drawn LFW to/ })).toHaveCount(2);
  await expect(page.getByTestId('verify-tars')).toContainText('0.0001†');
  const pairs = page.getByTestId('hardest-pairs');
  await expect(pairs.getByText(/Same person|Two people/)).toHaveCount(6);
  await pairs.getByText('Both wrong', { exact: true }).first().click();
  await expect(pairs.locator('li[data-outcome=both-wrong]').first()).toBeVisible();
  await expect(pairs.locator('li[data-outcome=only-second]')).toHaveCount(0);

  await page.getByTestId('verify-copy-markdown').click();
  const markdown = await page.evaluate(() => navigator.clipboard.readText());
  expect(markdown).toMatch(
    /\| Benchmark \| Pairs from \| Standard \| CRAFT \| .+\n.+\n\| Drawn LFW \| Drawn faces · 200 pairs \|/,
  );
  await page.getByTestId('verify-copy-latex').click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('\\toprule');
  const download = page.waitForEvent('download');
  await page.getByTestId('verify-csv').click();
  // A header, two networks on one row, and the end of the last line.
  expect(readFileSync(await (await download).path(), 'utf8').split('\n')).toHaveLength(4);
  await expectAccessibleInBothThemes(page);
});

test('a saved run has the figures that the command line gives for the same weights and pairs', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  writeFileSync(join(folder, 'run.zip'), savedRun());
  const verification = await Verification.open(page);
  await verification.choose(join(folder, 'run.zip'));
  await expect(page.getByTestId('verify-network')).toHaveCount(2);
  await verification.fewPairs();
  await verification.runFirstRow();
  const json = join(folder, 'cli.json');
  const asked = ['--model', join(folder, 'run.zip'), '--data', 'synthetic:lfw', '--pairs', '200', '--json', json];
  execFileSync('npx', ['tsx', 'src/cli/verify.ts', ...asked], { stdio: 'ignore' });
  const cli = JSON.parse(readFileSync(json, 'utf8'));
  const { arms, comparison } = cli;
  expect(await verification.json()).toMatchObject({
    networks: [
      { name: 'Standard', step: 120 },
      { name: 'CRAFT', step: 120 },
    ],
    benchmarks: [
      {
        benchmark: 'Drawn LFW',
        source: { kind: 'synthetic' },
        pairs: 200,
        arms: [arms.standard, arms.craft].map(({ accuracy, deviation, folds, auc, eer }) => ({
          headline: accuracy,
          deviation,
          folds,
          auc,
          eer,
        })),
        comparison: {
          difference: comparison.difference,
          interval: comparison.interval,
          chance: comparison.chance,
          pHolm: comparison.chance,
        },
      },
    ],
  });
});

test('two models are two columns; an official file fills its row, and any bad one leaves it there', async ({
  page,
}) => {
  const verification = await Verification.open(page);
  const network = trainedNetwork(smallConfig());
  for (const format of ['safetensors', 'onnx'] as const) {
    const { name, bytes } = exportNetwork(network, {
      format,
      batchNorm: 'folded',
      version: '1',
      bundle: bundleOnDisk(),
    });
    await verification.choose(file(name, bytes));
    await expect(page.getByTestId('verify-networks')).toContainText(format === 'onnx' ? name : 'CRAFT');
  }
  await verification.fewPairs();
  const bin = await pairsBin();
  await verification.add(file('lfw.bin', bin));
  await expect(verification.source('lfw')).toHaveAttribute('data-source', 'file');
  await expect(verification.source('lfw')).toContainText('lfw.bin · 40 pairs, 112 × 112');
  await verification.runFirstRow();
  // One network, run by our own code and by ONNX Runtime.
  await expect(verification.row('lfw')).toContainText('0.0 [0.0, 0.0]');
  await expect(verification.verdict).toContainText('No clear difference on this benchmark');

  // Dropped on a row, it is that row's under any name; the row is verified immediately.
  await verification.row('cplfw').evaluate(
    (row, bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], 'pairs.bin'));
      row.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    },
    [...bin],
  );
  await expect(verification.source('cplfw')).toContainText('pairs.bin · 40 pairs');
  await expect(verification.row('cplfw')).toHaveAttribute('data-state', 'done');
  await expect(verification.run).toBeEnabled();

  // A folder of people has a row of its own, and the images that could not be read are named below the table.
  const people = await Promise.all(
    Array.from({ length: 12 }, async (_, image) => [
      `${['ada', 'bo', 'cy'][image % 3]}/${image}.jpg`,
      await photo(20 * image, 90, 80 * (image % 3)),
    ]),
  );
  // Chromium decodes AVIF.
  const avif = await sharp(await photo(9, 90, 160))
    .avif({ effort: 0 })
    .toBuffer();
  const others = { 'ada/torn.jpg': strToU8('Torn.'), 'cy/more.avif': new Uint8Array(avif) };
  await verification.add(file('people.zip', zipSync({ ...Object.fromEntries(people), ...others })));
  await expect(verification.row('file-1')).toHaveAttribute('data-state', 'done');
  const unreadable = page.getByTestId('verify-unreadable-file-1');
  await expect(unreadable).toContainText('1 image could not be read');
  await expect(unreadable.getByText('ada/torn.jpg is not a readable image')).toBeVisible();
  await expect(verification.run).toBeEnabled();

  const jpeg = await photo(10, 20, 30);
  const calls = Buffer.from('\x80\x02cos\nsystem\nX\x01\0\0\0x\x85R.', 'latin1');
  const bad: readonly (readonly [string, Uint8Array | string, RegExp])[] = [
    ['lfw.bin', '', /lfw\.bin is empty/],
    ['lfw.bin', bin.slice(0, bin.length / 2), /lfw\.bin/],
    ['lfw.bin', calls, /lfw\.bin/],
    ['lfw.bin', 'Pairs, pairs, pairs.', /These are not pairs: lfw\.bin should hold images and same\/different labels/],
    ['lfw.bin', python2PairsBin([jpeg, jpeg, jpeg], [true]), /lfw\.bin/],
    ['lfw.bin', python2PairsBin([jpeg, new Uint8Array(300), jpeg, jpeg], [true, false]), /image 1, of pair 0/],
    ['lfw.bin', python2PairsBin([jpeg, jpeg], [true]), /The only pair of lfw\.bin is of one person/],
    ['lfw.bin', python2PairsBin([], []), /lfw\.bin holds no pairs/],
    ['others.zip', zipSync({ 'a.txt': strToU8('a') }), /others\.zip/],
  ];
  for (const [name, content, sentence] of bad) {
    await verification.add(file(name, content));
    await expect(verification.failure).toContainText(sentence);
    await expect(verification.failure).toContainText('stay in use');
    await verification.failure.getByRole('button', { name: 'Close' }).click();
  }
  await verification.choose(file('notes.onnx', 'Filters that fade.'));
  await expect(verification.failure).toContainText('no network that the playground can run');
  await expect(verification.row('lfw')).toHaveAttribute('data-state', 'done');
  await expect(verification.source('lfw')).toContainText('lfw.bin · 40 pairs');
  await expect(page.getByTestId('verify-network')).toHaveCount(2);
});

test('a reading that a busy worker does not hear the end of takes neither the table nor its files along', async ({
  page,
}) => {
  const verification = await Verification.open(page);
  const network = trainedNetwork(smallConfig());
  const model = (format: 'safetensors' | 'onnx') => {
    const { name, bytes } = exportNetwork(network, {
      format,
      batchNorm: 'folded',
      version: '1',
      bundle: bundleOnDisk(),
    });
    return file(name, bytes);
  };
  await verification.choose(model('onnx'));
  await expect(page.getByTestId('verify-network')).toHaveCount(1);
  await verification.fewPairs();
  await verification.add(file('cfp-fp.bin', await pairsBin()));
  await expect(verification.source('cfp-fp')).toContainText('cfp-fp.bin · 40 pairs');
  // The thread stays stopped: only the end of the worker ends it.
  await verification.stopAfterFirstRow();
  await verification.choose(model('safetensors'));
  await page.getByTestId('verify-reading').getByRole('button', { name: 'Cancel' }).click();
  // For the reading alone a verification would not be ended so soon.
  await verification.cancel.click();
  await expect(page.getByTestId('verify-reading')).toHaveCount(0);
  await expect(verification.source('cfp-fp')).toContainText('cfp-fp.bin · 40 pairs');
  await verification.run.click();
  await expect(verification.row('cfp-fp')).toHaveAttribute('data-state', 'done');
  await expect(verification.row('lfw')).toHaveAttribute('data-state', 'done');
  await expect(verification.failure).toHaveCount(0);
  await verification.cancel.click();
  await expect(verification.run).toBeEnabled();
  await verification.choose(model('safetensors'));
  await expect(page.getByTestId('verify-network')).toHaveCount(2);
});

test('on a phone the table folds, nothing is wider than the screen, and buttons are large enough', async ({ page }) => {
  await page.setViewportSize(PHONE);
  const verification = await Verification.open(page);
  await verification.choose(file('run.zip', savedRun()));
  await verification.fewPairs();
  await verification.add(file('lfw.bin', await pairsBin()));
  await expect(verification.row('lfw')).toContainText('lfw.bin · 40 pairs');
  await verification.runFirstRow();
  await expectFitsPhone(page, 'Verify with results');
  await expect(page.getByTestId('verify-about-lfw')).toBeVisible();
  await expect(page.getByTestId('verify-about-lfw')).toHaveText('Everyday photos · lfw.bin · 40 pairs, 112 × 112');
  const hidden = await page
    .getByTestId('verify-table')
    .evaluate((table) =>
      [table.parentElement, ...table.querySelectorAll('[data-testid^=verify-about] *')]
        .filter((one) => one !== null && one.clientWidth > 0 && one.scrollWidth > one.clientWidth)
        .map((one) => one?.textContent),
    );
  expect(hidden).toEqual([]);
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Remove lfw\.bin .*from LFW$/ }).click();
  await expect(verification.row('lfw')).toContainText('Drawn faces');
});
