import { expect, type Locator, type Page } from '@playwright/test';
import { CONFIG_VERSION, type RunConfig } from '../src/config/run-config.ts';

type AnyValue = Partial<Record<Exclude<keyof RunConfig, 'steps'>, unknown>>;

/** Settings of a run but for its length, which limits the actions of a test: `Playground.finite` and `endless`. */
export type Settings = AnyValue & { readonly steps?: never };

/** Settings of a run with an end. */
export type FiniteSettings = AnyValue & { readonly steps?: number };

/** A network small enough for WebGPU emulated on two processor cores. */
export const TINY = {
  identities: 12,
  imagesPerIdentity: 6,
  imageSize: 16,
  filters: 8,
  width: 8,
  embeddingSize: 16,
  batchSize: 8,
  warmupSteps: 2,
  verifyEvery: 0,
  verifyPairs: 20,
} satisfies Settings;

/** The weaker half of the filters is re-activated at every check. */
export const HALF_DIE = { criterion: 'relativeNorm', rho: 0.9, checkEvery: 10, stopAt: 100 } satisfies Settings;

/** First weights are N(0, 0.1): some filters have none above this, so that the first check has some to re-activate. */
export const MANY_DIE = { epsilon: 0.2, checkEvery: 10, stopAt: 100 } satisfies Settings;

/** Every step is seen. */
const ALL_SEEN = { telemetryEvery: 1, kernelEvery: 1 } satisfies Settings;

/** For a run that trains behind the object of a test: the page is drawn anew once in some steps, not at each. */
const SELDOM_SEEN = { telemetryEvery: 20, kernelEvery: 20 } satisfies Settings;

/** As many steps as a run may have: hours of the smallest network. */
const MILLION = 1_000_000;

/** A control that a test looks at. Only a run presses it: `FiniteRun` and `EndlessRun` know when that is safe. */
interface Shown extends Locator {
  readonly click: never;
  readonly dblclick: never;
  readonly press: never;
  readonly tap: never;
  readonly dispatchEvent: never;
}

/** The page as a user meets it, with nothing that starts a run. */
export class Playground {
  readonly toggle: Shown;
  readonly stepButton: Shown;
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
    this.toggle = page.getByTestId('run-toggle') as Shown;
    this.stepButton = page.getByTestId('run-step') as Shown;
    this.reset = page.getByTestId('run-reset');
    this.progress = page.getByTestId('run-progress');
    this.badge = page.getByTestId('backend-badge').first();
    this.events = page.getByTestId('event-list');
    this.craftSwitch = page.getByTestId('craft-switch');
    this.notice = page.getByTestId('notice');
    this.facesSummary = page.getByTestId('faces-summary');
    this.pastRuns = page.getByTestId('kept-run');
  }

  /** Opens the page with settings in the link, as a shared link has them; nothing will be trained. */
  static async open(page: Page, settings: Settings = {}): Promise<Playground> {
    await openLink(page, linkOf(settings));
    return new Playground(page);
  }

  /** The same for a run of some steps, 40 where nothing is said: it rests whenever the test looks at it. */
  static async finite(page: Page, settings: FiniteSettings): Promise<FiniteRun> {
    await openLink(page, linkOf({ steps: 40, ...ALL_SEEN, ...settings }));
    return new FiniteRun(page);
  }

  /** The same for a run that does not come to its end while a test lasts, on a machine of any speed. */
  static async endless(page: Page, settings: Settings): Promise<EndlessRun> {
    await openLink(page, linkOf({ ...SELDOM_SEEN, ...settings, steps: MILLION }));
    return new EndlessRun(page);
  }

  /** Steps finished, as the progress bar reports them to a screen reader. */
  async step(): Promise<number> {
    return Number(await this.progress.getAttribute('aria-valuenow'));
  }

  /** Takes the offer to resume the endless run that was unfinished when the page was last left. */
  async takeOffer(): Promise<EndlessRun> {
    await this.page.getByTestId('resume-run').click();
    await expect(this.progress).toHaveAttribute('aria-valuemax', String(MILLION));
    return new EndlessRun(this.page);
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

  /** Waits until the run is in this phase: ready, running, paused, finished, failed. */
  protected async reachesPhase(phase: string): Promise<void> {
    await expect(this.toggle).toHaveAttribute('data-phase', phase);
  }

  protected async pressToggle(): Promise<void> {
    const ready = (await this.toggle.getAttribute('data-phase')) === 'ready';
    await this.page.getByTestId('run-toggle').click();
    if (ready) await this.answerLongRun();
  }

  /** A computer on which the run takes over ten minutes asks before it starts. */
  protected async answerLongRun(): Promise<void> {
    const anyway = this.page.getByTestId('train-anyway');
    const starts = this.page.locator('[data-testid=run-toggle]:not([data-phase=ready])');
    await expect(anyway.or(starts).first()).toBeVisible();
    if (await anyway.isVisible()) await anyway.click();
  }

  /** One step; the run rests afterwards. */
  protected async pressStep(): Promise<void> {
    const next = (await this.step()) + 1;
    await this.page.getByTestId('run-step').click();
    await expect(this.progress).toHaveAttribute('aria-valuenow', String(next));
    await this.reachesPhase('paused');
  }
}

/** A run with an end. It trains only within these methods, so that nothing a test does depends on how fast. */
export class FiniteRun extends Playground {
  /** Takes single steps, so that the run rests at exactly this one. */
  async stepTo(step: number): Promise<void> {
    while ((await this.step()) < step) await this.pressStep();
  }

  /** Starts the run, or resumes it, and waits for its end. */
  async trainsToEnd(): Promise<void> {
    await this.pressToggle();
    await this.finishes();
  }

  /** Resumes a run that something has been prepared for, and waits until it has failed. */
  async trainsUntilItFails(): Promise<void> {
    await this.pressToggle();
    await this.reachesPhase('failed');
  }

  /** Waits for the end of a run that something else than this class has set going. */
  async finishes(): Promise<void> {
    await this.reachesPhase('finished');
  }
}

/** A run that trains while the test looks at it, and is paused, switched and killed. It never ends. */
export class EndlessRun extends Playground {
  /** Starts or resumes it, and waits until a further step is seen. */
  async trains(): Promise<void> {
    const before = await this.step();
    await this.pressToggle();
    await this.reachesStep(before + 1);
  }

  async reachesStep(step: number): Promise<void> {
    await expect.poll(() => this.step(), `step ${step}`).toBeGreaterThanOrEqual(step);
  }

  /** Pauses; returns the step it rests at. */
  async pause(): Promise<number> {
    await expect(this.toggle).toHaveText('Pause');
    await this.pressToggle();
    await this.reachesPhase('paused');
    return this.step();
  }

  /** One step, then paused again. */
  async takeStep(): Promise<void> {
    await this.pressStep();
  }

  /** That it trains now, after the question whether it should. */
  async isRunning(): Promise<void> {
    await this.answerLongRun();
    await this.reachesPhase('running');
  }
}

/** The settings in the form of a link, behind its `#`. */
export function linkOf(settings: FiniteSettings): string {
  const link = new URLSearchParams({ v: String(CONFIG_VERSION) });
  for (const [key, value] of Object.entries(settings)) link.set(key, String(value));
  return link.toString();
}

async function openLink(page: Page, link: string): Promise<void> {
  await page.goto(`/#${link}`);
  await listens(page);
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

/**
 * Lets no worker load the part of the page of this name, but for the first ones, until the promise's function is called:
 * its work cannot end.
 */
export async function holdScript(page: Page, name: string, first = 0): Promise<() => Promise<void>> {
  const part = `**/assets/${name}-*.js`;
  let asked = 0;
  await page.route(part, (route) => (asked++ < first ? route.continue() : undefined));
  return () => page.unroute(part);
}
