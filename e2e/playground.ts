import { expect, type Locator, type Page } from '@playwright/test';
import type { RunConfig } from '../src/config/run-config.ts';

/** A network small enough for WebGPU emulated on two processor cores. */
export const TINY: Partial<RunConfig> = {
  identities: 12,
  imagesPerIdentity: 6,
  imageSize: 16,
  filters: 8,
  width: 8,
  embeddingSize: 16,
  batchSize: 8,
  steps: 40,
  warmupSteps: 2,
  telemetryEvery: 1,
  kernelEvery: 1,
  verifyEvery: 0,
  verifyPairs: 20,
};

/** The weaker half of the filters is re-activated at every check. */
export const HALF_DIE: Partial<RunConfig> = { criterion: 'relativeNorm', rho: 0.9, checkEvery: 10, stopAt: 100 };

/** For a run that trains in the background of a test: the page is redrawn once in some steps, not at each. */
export const SELDOM_SEEN: Partial<RunConfig> = { telemetryEvery: 20, kernelEvery: 20 };

/** First weights are N(0, 0.1): some filters have none above this, so that the first check has some to re-activate. */
export const MANY_DIE: Partial<RunConfig> = { epsilon: 0.2, checkEvery: 10, stopAt: 100 };

/** The page as a user meets it. */
export class Playground {
  readonly toggle: Locator;
  readonly stepButton: Locator;
  readonly reset: Locator;
  readonly progress: Locator;
  readonly badge: Locator;
  readonly events: Locator;
  readonly craftSwitch: Locator;
  readonly notice: Locator;
  readonly facesSummary: Locator;
  /** Rows of the list of past runs. */
  readonly pastRuns: Locator;

  constructor(readonly page: Page) {
    this.toggle = page.getByTestId('run-toggle');
    this.stepButton = page.getByTestId('run-step');
    this.reset = page.getByTestId('run-reset');
    this.progress = page.getByTestId('run-progress');
    this.badge = page.getByTestId('backend-badge').first();
    this.events = page.getByTestId('event-list');
    this.craftSwitch = page.getByTestId('craft-switch');
    this.notice = page.getByTestId('notice');
    this.facesSummary = page.getByTestId('faces-summary');
    this.pastRuns = page.getByTestId('kept-run');
  }

  /** Opens the page with settings in the link, as a shared link has them. */
  static async open(
    page: Page,
    settings: Partial<Record<keyof RunConfig | string, unknown>> = {},
  ): Promise<Playground> {
    const link = new URLSearchParams({ v: '1' });
    for (const [key, value] of Object.entries(settings)) link.set(key, String(value));
    await page.goto(`/#${link}`);
    await listens(page);
    return new Playground(page);
  }

  /** Steps finished, as the progress bar tells a screen reader. */
  async step(): Promise<number> {
    return Number(await this.progress.getAttribute('aria-valuenow'));
  }

  async reachesStep(step: number): Promise<void> {
    await expect.poll(() => this.step(), { timeout: 120_000 }).toBeGreaterThanOrEqual(step);
  }

  /** Waits until the run has come to its end. */
  async finishes(): Promise<void> {
    await expect(this.toggle).toHaveAttribute('data-phase', 'finished', { timeout: 120_000 });
  }

  /** Takes single steps, so that the run rests at exactly this one. */
  async stepTo(step: number): Promise<void> {
    for (let at = await this.step(); at < step; at++) {
      await this.stepButton.click();
      await expect(this.progress).toHaveAttribute('aria-valuenow', String(at + 1));
      await expect(this.toggle).toHaveAttribute('data-phase', 'paused');
    }
  }

  /** Starts or resumes the run, until it has ended. */
  async trainsToEnd(): Promise<void> {
    await this.toggle.click();
    await this.finishes();
  }

  /** Opens the list of past runs by key. */
  async openRuns(): Promise<void> {
    // A key before the page listens is lost.
    await expect(this.toggle).toBeEnabled();
    await this.page.keyboard.press('p');
    await expect(this.page.getByRole('dialog')).toBeVisible();
  }

  /** Unfolds the settings of the faces. */
  async openFaces(): Promise<void> {
    await expect(this.badge).toContainText(/Web|JavaScript/);
    await this.page.getByRole('button', { name: /^Faces/ }).click();
  }

  /** Gives a file to the drop zone's picker. */
  async drop(file: Parameters<Locator['setInputFiles']>[0]): Promise<void> {
    await this.page.getByTestId('faces-drop').locator('input[type=file]').setInputFiles(file);
  }

  async dropFolder(path: string): Promise<void> {
    await this.page.getByTestId('faces-folder').setInputFiles(path);
  }

  wall(arm: 'standard' | 'craft'): Locator {
    return this.page.getByTestId(`filter-wall-${arm}`);
  }

  tiles(arm: 'standard' | 'craft'): Locator {
    return this.wall(arm).getByTestId('filter-tile');
  }
}

/** Waits until the page takes keys: it begins to listen after the frame it is first seen in. */
export async function listens(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Waits until the open dialog takes keys: it does not listen before it has the focus. */
export async function dialogListens(page: Page): Promise<void> {
  await expect(page.locator('[role=dialog]:focus-within')).toHaveCount(1);
}

/** Closes the dialog that is open, or about to be, by key. */
export async function closeDialog(page: Page): Promise<void> {
  await dialogListens(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}
