import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import sharp from 'sharp';
import { preview } from 'vite';
import { findChromium } from './chromium.ts';

/*
 * The picture in the README: the built page in a real run of the preset Small on WebAssembly, paused two thirds through.
 *   npx vite build && npx tsx scripts/readme-picture.ts
 */
const FILE = fileURLToPath(new URL('../docs/images/train.png', import.meta.url));
const STEP = 1660;

const executablePath = findChromium();
if (executablePath === undefined) throw new Error('There is no Chromium here; set CHROME_PATH to one.');
const server = await preview({ logLevel: 'error', preview: { port: 4197 } });
const browser = await chromium.launch({ executablePath });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1.5 });
await page.goto(`${server.resolvedUrls?.local[0]}#v=3&backend=wasm`);
await page.getByTestId('run-toggle').first().click();
await page.waitForFunction(
  (step) => Number(document.querySelector('[data-testid=run-progress]')?.getAttribute('aria-valuenow')) >= step,
  STEP,
  { timeout: 1_200_000 },
);
await page.getByTestId('run-toggle').first().click();
await page.getByRole('button', { name: 'Resume' }).first().waitFor();
await page.mouse.move(0, 0);
await page.waitForLoadState('networkidle');
await sharp(await page.screenshot())
  .png({ palette: true })
  .toFile(FILE);
for (const arm of ['standard', 'craft']) console.log(await page.getByTestId(`inactive-count-${arm}`).innerText());
console.log(await page.getByTestId('run-progress').getAttribute('aria-valuetext'));
await browser.close();
await server.close();
process.exit(0);
