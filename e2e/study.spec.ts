import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { pairsBin, trainingSet } from '../src/faces/import/testing/data-files.ts';
import { readScoresFile } from '../src/study/cell-scores.ts';
import { planText } from '../src/study/plan-file.ts';
import { readResultsCsv, resultsCsv } from '../src/study/results-csv.ts';
import { readSummary } from '../src/study/summary.ts';
import { studyOfOnePerson } from '../src/study/testing/one-person.ts';
import { numberFaults } from './layout.ts';
import { holdScript, linkOf, listens, Playground, TINY } from './playground.ts';

/** Two seeds of Standard and one condition: four runs. */
const PLAN = new URLSearchParams([
  ['screen', 'study'],
  ['seeds', '1-2'],
  ['condition', 'blend'],
]);

async function openStudy(page: Page, steps: number): Promise<void> {
  // One run at a time on a machine of any size.
  await page.addInitScript(() => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 2 }));
  await page.goto(`/?${PLAN}#${linkOf({ ...TINY, backend: 'wasm', telemetryEvery: 1, steps })}`);
  await listens(page);
}

const drop = (page: Page, name: string, buffer: Buffer) =>
  page.getByTestId('study-drop').locator('input').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });

const rows = (page: Page, state: string) => page.locator(`[data-testid=study-row][data-state=${state}]`);
const toggle = (page: Page) => page.getByTestId('study-toggle');

test('a study is paused, outlives a reload, and trains only the remaining cells', async ({ page }) => {
  // No run of a million steps ends while the test looks at it.
  await openStudy(page, 1_000_000);
  await page.getByTestId('study-start').click();
  await expect(rows(page, 'running')).toHaveCount(1);
  await expect(toggle(page)).toHaveText('Pause');
  await toggle(page).click();
  await expect(toggle(page)).toHaveAttribute('data-phase', 'resting');
  await test.step('a skipped run is failed by name, and the next one takes its place', async () => {
    await toggle(page).click();
    await page.getByTestId('study-skip').click();
    await expect(rows(page, 'failed')).toHaveCount(1);
    await expect(rows(page, 'failed')).toContainText('Skipped.');
    await expect(rows(page, 'running')).toContainText('Blend');
    await toggle(page).click();
    await expect(toggle(page)).toHaveAttribute('data-phase', 'resting');
  });
  await page.reload();
  await expect(toggle(page)).toHaveText('Resume');
  await expect(rows(page, 'failed')).toHaveCount(1);
  await expect(rows(page, 'queued')).toHaveCount(3);
  await toggle(page).click();
  await expect(rows(page, 'running')).toContainText('Blend');
  await expect(rows(page, 'failed')).toHaveCount(1);
});

test('own faces are read by one worker of a study for all', async ({ page }) => {
  const posted: string[] = [];
  await page.exposeFunction('posted', (type: string) => posted.push(type));
  await page.addInitScript(() => {
    // Two runs train side by side.
    Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 3 });
    const post = Reflect.get(Worker.prototype, 'postMessage');
    Worker.prototype.postMessage = function (...args: readonly unknown[]) {
      const [message] = args;
      if (message instanceof Object) Reflect.get(window, 'posted')(String(Reflect.get(message, 'type')));
      Reflect.apply(post, this, args);
    };
  });
  const playground = await Playground.finite(page, { ...TINY, backend: 'wasm', steps: 6 });
  await playground.openFaces();
  const set = Object.entries(await trainingSet('insightface', 12, 6));
  await playground.drop(
    set.map(([name, bytes]) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) })),
  );
  await expect(playground.facesSummary).toContainText('12 people, 72 photos');
  const of = (wanted: string) => posted.filter((type) => type === wanted).length;
  expect(of('import-faces')).toBe(1);
  await page.getByRole('button', { name: 'Study' }).first().click();
  await page.getByTestId('study-seeds').fill('1-2');
  await page.getByTestId('study-start').click();
  await expect(toggle(page)).toHaveAttribute('data-phase', 'finished');
  await expect(rows(page, 'done')).toHaveCount(6);
  expect([of('import-faces'), of('use-faces')]).toEqual([2, 2]);
});

test('the verdict says that a difference holds for these people only, where others need not show it', async ({
  page,
}) => {
  const { plan, rows: results, scores } = studyOfOnePerson();
  const study = { 'study.json': strToU8(planText(plan)), 'results.csv': strToU8(resultsCsv(results)) };
  const files = [...scores].map(([cell, bytes]) => [`runs/${cell}/scores.npz`, bytes] as const);
  await page.goto('/?screen=study');
  await listens(page);
  const headline = page.getByTestId('study-verdict');
  await drop(page, 'results.csv', Buffer.from(resultsCsv(results)));
  await expect(headline).toHaveText(/is 2\.3 points higher, shown on these pairs\.$/);
  await page.getByTestId('study-merged').getByRole('button').click();
  await drop(page, 'study.zip', Buffer.from(zipSync({ ...study, ...Object.fromEntries(files) })));
  await expect(headline).toHaveText(/is 2\.3 points higher, shown for these people only\.$/);
  await expect(page.getByText('With people resampled as well, the interval is 0.00 to')).toBeVisible();
});

test('a study to its end: verdict, a run opened in Train, export, and the file on an empty page', async ({
  page,
  context,
}) => {
  await openStudy(page, 6);
  await expect(page.getByTestId('study-runs')).toContainText('4 runs');
  await test.step('a dropped file and a drawn benchmark are tests of the study', async () => {
    await page.getByLabel('Drawn LFW').check();
    await drop(page, 'cfp_fp.bin', Buffer.from(await pairsBin(20)));
    await expect(page.getByText('CFP-FP (cfp_fp.bin)').first()).toBeVisible();
    await page.getByTestId('study-primary').selectOption({ label: 'CFP-FP (cfp_fp.bin)' });
    await expect(page).toHaveURL(/data=synthetic%3Alfw&data=cfp_fp\.bin&primary=cfp_fp\.bin/);
  });
  await page.getByTestId('study-start').click();
  await expect(toggle(page)).toHaveAttribute('data-phase', 'finished');
  const progress = page.getByTestId('study-progress');
  await expect(progress).toHaveAttribute('aria-valuenow', '4');
  await expect(progress).toHaveAttribute('aria-valuemax', '4');
  await expect(rows(page, 'done')).toHaveCount(4);
  await expect(page.getByTestId('study-verdict')).toContainText('oo few seeds for a verdict on accuracy');
  const verdict = await page.getByTestId('study-verdict').textContent();
  expect(await numberFaults(page)).toEqual([]);

  const download = page.waitForEvent('download');
  await page.getByTestId('study-export').click();
  const path = await (await download).path();
  await test.step('the export holds report, figures, first layers, and a row a test', async () => {
    const files = unzipSync(await readFile(path));
    const names = [
      'report.md',
      'summary.json',
      'study.json',
      'figures/inactive-share.svg',
      'figures/inactive-share.png',
    ];
    expect(Object.keys(files)).toEqual(expect.arrayContaining([...names, 'runs/1-blend/first-layer.npz']));
    const textOf = (name: string) => strFromU8(files[name] ?? new Uint8Array(0));
    // Of each test the interval over seeds and people, from the scores of its pairs.
    const scores = files['runs/1-blend/scores.npz'] ?? new Uint8Array(0);
    expect(readScoresFile(scores, 'heldout')?.identities).toBeDefined();
    expect(readScoresFile(scores, 'CFP-FP (cfp_fp.bin)')?.same).toHaveLength(20);
    const compared = readSummary(JSON.parse(textOf('summary.json'))).comparisons;
    expect(
      compared
        .filter(({ twoWay }) => twoWay !== undefined)
        .map(({ benchmark }) => benchmark)
        .sort(),
    ).toEqual(['CFP-FP (cfp_fp.bin)', 'Drawn LFW', 'heldout']);
    expect(textOf('report.md')).toContain('\\toprule');
    expect(JSON.parse(textOf('study.json'))).toMatchObject({
      primary: 'CFP-FP (cfp_fp.bin)',
      faces: { identities: 12 },
    });
    const last = readResultsCsv(textOf('results.csv')).filter(
      ({ measure, step }) => measure === 'accuracy' && step === 6,
    );
    const tested = last.filter(({ seed }) => seed === 1).map(({ condition, benchmark }) => `${condition} ${benchmark}`);
    expect(tested).toEqual(
      ['standard', 'blend'].flatMap((one) =>
        ['heldout', 'Drawn LFW', 'CFP-FP (cfp_fp.bin)'].map((test) => `${one} ${test}`),
      ),
    );
  });
  await test.step('the bundle for a cluster holds study.py, the script and the pairs', async () => {
    const bundle = page.waitForEvent('download');
    await page.getByTestId('study-bundle').click();
    const files = unzipSync(await readFile(await (await bundle).path()));
    const names = ['study.json', 'study.py', 'study.sbatch', 'faces.npz', 'pairs-3.npz', 'README.md'];
    expect(Object.keys(files)).toEqual(expect.arrayContaining(names));
  });

  await test.step('a reload shows the same results, and trains nothing', async () => {
    await page.reload();
    await expect(toggle(page)).toHaveAttribute('data-phase', 'finished');
    await expect(page.getByTestId('study-verdict')).toHaveText(verdict ?? '');
  });

  await test.step('a row opens its run in Train, beside Standard of its seed', async () => {
    await page.getByRole('button', { name: 'Open seed 2, blend in Train' }).click();
    await expect(page.getByTestId('run-toggle')).toHaveAttribute('data-phase', 'finished');
    await expect(page.getByTestId('filter-wall-standard')).toBeVisible();
    await expect(page.getByTestId('filter-wall-craft')).toBeVisible();
  });

  await test.step('dropped on an empty page, the file is the study again; before, Cancel ends its reading', async () => {
    await page.getByRole('button', { name: 'Study' }).first().click();
    await page.getByTestId('study-reset').click();
    await page.getByTestId('study-discard').click();
    await expect(page.getByTestId('study-start')).toBeVisible();
    const release = await holdScript(page, 'study-archive');
    const input = page.getByLabel('Results of a study, or pairs to test on');
    await input.focus();
    await drop(page, 'study.zip', await readFile(path));
    const reading = page.getByTestId('study-reading');
    await expect(reading).toContainText('Reading study.zip');
    await reading.getByRole('button', { name: 'Cancel' }).press('Enter');
    await expect(reading).toBeHidden();
    await expect(input).toBeFocused();
    await expect(page.getByTestId('study-start')).toBeVisible();
    await expect(page.locator('[data-notice=study-trouble]')).toBeHidden();
    await release();
    // Another plan in the rail, which is not that of the file.
    await page.getByTestId('study-seeds').fill('4-9');
    await drop(page, 'study.zip', await readFile(path));
    await expect(rows(page, 'done')).toHaveCount(4);
    await expect(page.getByTestId('study-verdict')).toHaveText(verdict ?? '');
    await page.getByRole('button', { name: 'Share' }).click();
    await expect(page.getByLabel('Link')).toHaveValue(
      /screen=study&seeds=1-2&condition=blend&data=synthetic%3Alfw&data=cfp_fp\.bin&primary=cfp_fp\.bin/,
    );
    await page.keyboard.press('Escape');
  });

  await test.step('results of a longer training are refused by their steps', async () => {
    const own = readResultsCsv(strFromU8(unzipSync(await readFile(path))['results.csv'] ?? new Uint8Array(0)));
    const longer = own.map((row) => ({ ...row, seed: row.seed + 10, value: row.measure === 'run' ? 12 : row.value }));
    await drop(page, 'longer.csv', Buffer.from(resultsCsv(longer)));
    await expect(page.locator('[data-notice=study-trouble]')).toContainText(
      'The run of standard with seed 11 took 12 steps; in this study it takes 6.',
    );
    await expect(page.getByTestId('study-merged')).toBeHidden();
    await expect(rows(page, 'done')).toHaveCount(4);
  });

  await test.step('results.csv alone is judged, by a plan of its rows', async () => {
    await page.getByTestId('study-reset').click();
    await page.getByTestId('study-discard').click();
    await drop(page, 'results.csv', Buffer.from(unzipSync(await readFile(path))['results.csv'] ?? []));
    await expect(page.getByTestId('study-merged')).toContainText('4 runs of results.csv. The file has no plan');
    await expect(rows(page, 'done')).toHaveCount(4);
    await expect(page.getByTestId('study-verdict')).toContainText('too few seeds for a verdict on accuracy');
  });

  await test.step('many results are judged in a worker, which Cancel ends', async () => {
    const few = readResultsCsv(strFromU8(unzipSync(await readFile(path))['results.csv'] ?? new Uint8Array(0)));
    const losses = few
      .filter(({ measure }) => measure === 'run')
      .flatMap((run) =>
        // Steps behind those of the run, which have their losses.
        Array.from({ length: 1100 }, (_, at) => ({
          ...run,
          measure: 'loss' as const,
          value: 1,
          step: run.step + 1 + at,
        })),
      );
    const many = Buffer.from(resultsCsv([...few, ...losses]));
    const judgedFew = await page.getByTestId('study-verdict').textContent();
    // The first worker reads the file.
    const release = await holdScript(page, 'study-archive', 1);
    await drop(page, 'many.csv', many);
    const judging = page.getByTestId('study-judging');
    await expect(judging).toContainText('Judging many.csv');
    await expect(page.getByTestId('study-verdict')).toBeHidden();
    await judging.getByRole('button', { name: 'Cancel' }).press('Enter');
    await expect(judging).toBeHidden();
    await expect(page.getByTestId('study-merged')).toBeHidden();
    await release();
    await drop(page, 'many.csv', many);
    await expect(page.getByTestId('study-merged')).toContainText('4 runs of many.csv');
    await expect(page.getByTestId('study-verdict')).toHaveText(judgedFew ?? '');
  });
  await context.close();
});
