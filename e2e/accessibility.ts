import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** The rules that a theme can break. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** Has the page shown as a user's system asks for it, and waits until it is. */
export async function setColorScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
}

/** Holds the page as it is now, or a part of it, to axe's rules or some of them; reports a fault with its elements. */
export async function expectAccessible(page: Page, part?: string, rules?: readonly string[]): Promise<void> {
  // Colours in the middle of a transition are nobody's.
  await expect.poll(() => page.evaluate(transitions)).toEqual([]);
  // There are no frames to look into, and only faults are reported: a quarter of the time.
  const builder = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  if (rules !== undefined) builder.withRules([...rules]);
  if (part !== undefined) builder.include(part);
  const { violations } = await builder.analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
}

/** The same in both themes, which differ in colours alone. */
export async function expectAccessibleInBothThemes(page: Page, part?: string): Promise<void> {
  await setColorScheme(page, 'light');
  await expectAccessible(page, part);
  await setColorScheme(page, 'dark');
  await expectAccessible(page, part, COLOUR_RULES);
}

/** Animations that run in the page and end, by name. */
function transitions(): string[] {
  return document
    .getAnimations()
    .filter(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity)
    .map((animation) => (animation instanceof CSSTransition ? animation.transitionProperty : animation.id));
}
