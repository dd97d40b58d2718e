import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright';
import { type ScriptedPage, serveScriptedPage } from '../e2e/scripted-page.ts';
import { PAGE_STATES } from '../src/ui/testing/states.ts';
import { findChromium } from './chromium.ts';

/*
 * Pictures of the page in every state, in both themes, wide and on a phone, to be looked at:
 * `npx tsx scripts/screenshots.ts [--states a,b] [--out DIR]`; the folder is not under version control.
 */

/** The controls pressed once the state is there, so that its picture shows them. */
type Press = readonly [kind: 'button' | 'key', name: string];

interface Shot {
  readonly name: string;
  readonly state: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly press?: readonly Press[];
  /** Only where the page is so wide. */
  readonly only?: 'wide' | 'phone';
}

const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

const SHOTS: readonly Shot[] = [
  ...Object.keys(PAGE_STATES).map((state) => ({ name: state, state })),
  { name: 'pinned', state: 'running', press: [['key', '[']] },
  {
    name: 'tour',
    state: 'running',
    press: [
      ['key', '?'],
      ['button', 'Take the tour'],
      ['button', 'Next'],
    ],
  },
  { name: 'help', state: 'running', press: [['key', '?']] },
  { name: 'share', state: 'paused', press: [['key', 's']] },
  { name: 'faces-in-use', state: 'long-names', press: [['button', 'Faces']], only: 'wide' },
  { name: 'drawer', state: 'paused', press: [['button', 'Settings']], only: 'phone' },
  { name: 'menu', state: 'paused', press: [['button', 'Menu']], only: 'phone' },
  ...['verify', 'inspect', 'method'].map((screen) => ({
    name: `empty-${screen}`,
    state: 'first-visit',
    parameters: { screen },
  })),
];

async function take(browser: Browser, scripted: ScriptedPage, shot: Shot, folder: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    if (shot.only !== undefined && shot.only !== size) continue;
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
      page.on('pageerror', (error) => console.error(`${shot.name}: ${error.message}`));
      await scripted.open(page, shot.state, shot.parameters);
      await page.locator('main').waitFor();
      // The menu, among others, comes a moment after the page.
      await page.waitForLoadState('networkidle');
      for (const [kind, name] of shot.press ?? []) {
        if (kind === 'key') await page.keyboard.press(name);
        else await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
      }
      // Charts are drawn in a task of their own.
      await page.waitForFunction(() => new Promise((done) => requestIdleCallback(() => done(true), { timeout: 2000 })));
      await page.screenshot({ path: join(folder, `${shot.name}-${size}-${colorScheme}.png`) });
      await page.close();
    }
  }
}

function option(name: string): string | undefined {
  const place = process.argv.indexOf(`--${name}`);
  return place < 0 ? undefined : process.argv[place + 1];
}

const folder = option('out') ?? 'test-results/screenshots';
const wanted = option('states')?.split(',');
mkdirSync(folder, { recursive: true });
const scripted = await serveScriptedPage();
const executablePath = findChromium();
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ['--headless=new', '--no-sandbox'],
});
for (const shot of SHOTS) {
  if (wanted === undefined || wanted.includes(shot.name)) await take(browser, scripted, shot, folder);
}
await browser.close();
await scripted.close();
console.log(`The pictures are in ${folder}.`);
