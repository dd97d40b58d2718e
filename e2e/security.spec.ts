import { expect, type Page, test } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { closeDialog, Playground, TINY } from './playground.ts';
import { answering } from './worker-gate.ts';

/** The same asked of the page and of each of its workers. */
function everywhere<Answer>(page: Page, ask: string | (() => Promise<Answer>)): Promise<readonly Answer[]> {
  return Promise.all([page.evaluate<Answer>(ask), ...answering(page).map((worker) => worker.evaluate<Answer>(ask))]);
}

/** Everything that the page or one of its workers was refused. */
async function refusals(page: Page): Promise<() => Promise<readonly string[]>> {
  const listen = () => {
    const refused: string[] = [];
    Object.assign(globalThis, { refused });
    addEventListener('securitypolicyviolation', (event) => {
      if (event instanceof SecurityPolicyViolationEvent) {
        refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      }
    });
  };
  const said: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) said.push(message.text());
  });
  page.on('worker', (worker) => {
    // A worker that has ended can no longer refuse anything.
    worker.evaluate(listen).catch(() => undefined);
  });
  await page.addInitScript(listen);
  return async () => {
    const reported = await everywhere<string[]>(page, 'refused');
    return [...reported.flat(), ...said];
  };
}

test('a strict policy, for page and workers, under which everything works', async ({ page, request }) => {
  const refused = await refusals(page);
  await (await Playground.finite(page, { ...TINY, backend: 'wasm', steps: 12 })).trainsToEnd();

  await test.step('the header comes with page and workers', async () => {
    const workers = page.workers().map((worker) => worker.url());
    expect(workers.some((url) => url.includes('engine.worker'))).toBe(true);
    for (const url of ['/', ...workers]) {
      const policy = (await request.get(url)).headers()['content-security-policy'];
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
      expect(policy).toContain("style-src 'self';");
      expect(policy).not.toMatch(/unsafe-(inline|eval)(?<!wasm-unsafe-eval)/);
    }
  });
  await test.step('page and workers are isolated, and may share memory', async () => {
    expect(new Set(await everywhere(page, 'crossOriginIsolated'))).toEqual(new Set([true]));
  });
  await test.step('dialogs, themes, files', async () => {
    await page.keyboard.press('?');
    await closeDialog(page);
    await page.keyboard.press('t');
    await page.keyboard.press('t');
    await page.keyboard.press('s');
    await closeDialog(page);
    const table = page.getByRole('button', { name: 'Show as table: Loss' });
    await table.focus();
    await table.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Loss' })).toBeVisible();
    await closeDialog(page);
    await page.getByTestId('export-run').click();
    const download = page.waitForEvent('download');
    await page.getByTestId('export-onnx').click();
    await download;
  });
  await test.step('every tab', async () => {
    for (const tab of await page.getByRole('navigation', { name: 'Screens' }).getByRole('button').all()) {
      await tab.click();
      await expect(tab).toHaveAttribute('aria-current', 'page');
      await expect(page.getByRole('main')).toBeVisible();
    }
  });
  expect(await refused()).toEqual([]);

  await test.step('forbidden code does not run', async () => {
    const tries = async () => {
      const outcome = async (attempt: () => unknown) => {
        try {
          await attempt();
          return 'ran';
        } catch {
          return 'refused';
        }
      };
      return [
        // In a task of its own: a debugger's evaluation may use eval under any policy.
        await outcome(() => scheduler.postTask(() => new Function('return 1')())),
        await outcome(() => fetch('https://example.com/', { mode: 'no-cors' })),
      ];
    };
    for (const answer of await everywhere(page, tries)) expect(answer).toEqual(['refused', 'refused']);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "inline"';
      document.body.append(script);
    });
    await expect(page).not.toHaveTitle('inline');
    expect((await refused()).some((line) => line.startsWith('script-src-elem inline'))).toBe(true);
  });
});

const MARKUP = '<img src=x onerror="document.title=1">';

test('names of people and files are shown as text, never as markup', async ({ page }) => {
  const refused = await refusals(page);
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm' });
  await playground.openFaces();
  const image = (grey: number) => new Uint8Array([...strToU8('P6 24 24 255\n'), ...Array(24 * 24 * 3).fill(grey)]);
  const people = Object.fromEntries(
    Array.from({ length: 24 }, (_, at) => [`${MARKUP}${at % 8}/${at}.ppm`, image(10 * at)]),
  );
  const torn = { [`${MARKUP}0/${MARKUP}.png`]: strToU8('not a picture') };
  const buffer = Buffer.from(zipSync({ ...people, ...torn }));
  await playground.drop({ name: `${MARKUP}.zip`, mimeType: 'application/zip', buffer });
  await expect(playground.facesSummary).toContainText('8 people');
  await expect(playground.facesSummary).toContainText(`${MARKUP}.png`);
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Inspect').click();
  const file = { name: `${MARKUP}.onnx`, mimeType: 'application/octet-stream', buffer: Buffer.from('nothing') };
  await page.getByTestId('inspect-drop').locator('input[type=file]').setInputFiles(file);
  await expect(page.getByTestId('inspect-failure')).toContainText(`${MARKUP}.onnx`);
  await expect(page.locator('img[src=x]')).toHaveCount(0);
  expect(await refused()).toEqual([]);
});
