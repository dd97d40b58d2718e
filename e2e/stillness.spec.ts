import { expect, type Page, test } from '@playwright/test';
import { layoutFaults } from './layout.ts';
import { PHONE } from './phone.ts';
import { Playground, TINY } from './playground.ts';

/** Google calls a page good below 0.1; here nothing at all should be seen to jump. */
const MOST_SHIFT = 0.02;

interface Stillness {
  /** Sum of all layout shifts that no press or key caused. */
  readonly shift: number;
  /** The parts that moved most. */
  readonly moved: readonly string[];
  /** Every place that the Train button has had since it could be pressed. */
  readonly places: readonly string[];
}

declare global {
  interface Window {
    stillness?: { shift: number; moved: string[]; places: string[] };
  }
}

/** Makes every page opened from now on watch its own layout shifts, on a processor four times slower. */
async function watch(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.addInitScript(() => {
    const seen = { shift: 0, moved: [] as string[], places: [] as string[] };
    window.stillness = seen;
    interface Shift extends PerformanceEntry {
      readonly value: number;
      readonly hadRecentInput: boolean;
      readonly sources: readonly { readonly node?: Node | null }[];
    }
    const isShift = (entry: PerformanceEntry): entry is Shift => entry.entryType === 'layout-shift';
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries().filter(isShift)) {
        if (entry.hadRecentInput) continue;
        seen.shift += entry.value;
        const nodes = entry.sources.map(({ node }) => (node instanceof HTMLElement ? node.className : String(node)));
        seen.moved.push(`${entry.value.toFixed(4)}: ${nodes.join(', ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
    const look = () => {
      const button = document.querySelector<HTMLButtonElement>('[data-testid=run-toggle]');
      if (button !== null && !button.disabled) {
        const { left, top, width, height } = button.getBoundingClientRect();
        const place = `${left} ${top} ${width} ${height}`;
        if (seen.places.at(-1) !== place) seen.places.push(place);
      }
      requestAnimationFrame(look);
    };
    look();
  });
}

/** The layout shifts until now, once the charts are drawn and the page has nothing left to do. */
async function stillness(page: Page): Promise<Stillness> {
  await expect(page.locator('.recharts-surface').first()).toBeVisible();
  await page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
  return page.evaluate(() => {
    if (window.stillness === undefined) throw new Error('Nobody watched this page.');
    return window.stillness;
  });
}

async function expectStill(page: Page): Promise<void> {
  const { shift, moved, places } = await stillness(page);
  expect(shift, moved.join('\n')).toBeLessThan(MOST_SHIFT);
  expect(places, 'places of the Train button').toHaveLength(1);
}

for (const size of [{ width: 1366, height: 768 }, PHONE]) {
  test(`nothing moves at the first visit without a graphics card, ${size.width} px wide`, async ({ page }) => {
    await page.setViewportSize(size);
    await watch(page);
    await page.goto('/');
    const playground = new Playground(page);
    await expect(playground.toggle).toBeEnabled();
    await expect(playground.badge).toContainText('WebAssembly');
    await expectStill(page);
    await expect(playground.notice).toHaveCount(0);

    await page.getByRole('button', { name: /^WebAssembly/ }).click();
    await expect(page.getByRole('dialog', { name: 'How to switch WebGPU on' })).toContainText('on the processor');
  });

  test(`nothing moves when the offer to resume a run arrives, ${size.width} px wide`, async ({ page }) => {
    await page.setViewportSize(size);
    const playground = await Playground.endless(page, { ...TINY, backend: 'wasm' });
    await playground.takeStep();
    await playground.takeStep();
    // Only another page shows that it is kept.
    const beside = await Playground.open(await page.context().newPage(), TINY);
    await beside.openRuns();
    await expect(beside.pastRuns).toContainText('Open in another tab');
    await beside.page.close();

    await watch(page);
    await page.reload();
    await expect(page.getByTestId('resume-run')).toBeEnabled();
    await expectStill(page);
    expect(await layoutFaults(page)).toEqual([]);

    const offer = page.getByTestId('resume-offer');
    await offer.getByRole('button', { name: 'Not now' }).click();
    await expect(offer).toHaveCount(0);
    await page.reload();
    await expect(playground.toggle).toBeEnabled();
    await playground.openRuns();
    await expect(playground.pastRuns).toContainText('step 2');
    await expect(offer).toHaveCount(0);
  });
}

test('at the first visit on a laptop Train, charts and heatmaps are in sight', async ({ page }) => {
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.goto('/');
  const playground = new Playground(page);
  await expect(playground.toggle).toBeEnabled();
  const wanted = [
    playground.toggle,
    page.getByRole('button', { name: 'Train both networks' }),
    page.getByTestId('heatmap-craft'),
    page.getByRole('region', { name: 'Charts' }),
    page.getByTestId('same-yet'),
  ];
  for (const part of wanted) await expect(part).toBeInViewport({ ratio: 1 });
  await expect(page.getByTestId('same-yet')).toContainText('Until its first check at step 120');
  await expect(page.getByTestId('heatmap-craft')).toContainText('Nothing differs before the first check at step 120');
  // One button for every name: a reader who asks for Train gets the tab.
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toHaveCount(1);
});
