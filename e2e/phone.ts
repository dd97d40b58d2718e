import { expect, type Page } from '@playwright/test';

/** A phone, held upright. */
export const PHONE = { width: 390, height: 844 };

/** Shows the page as it is on a phone, and waits until it is laid out anew. */
export async function asOnPhone(page: Page): Promise<void> {
  await page.setViewportSize(PHONE);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/**
 * Holds the page, as it is now, to a phone: nothing is wider than the window, which would then move sideways under a
 * finger, and everything that is pressed has the size of a finger, 44 by 44 px. Links within a sentence are as high as
 * their line, which WCAG allows them (2.5.5 and 2.5.8: inline).
 */
export async function expectFitsPhone(page: Page, name: string): Promise<void> {
  // Charts are laid out anew some frames after the page was made narrow.
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth), name)
    .toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
  expect(await page.evaluate(smallTargets), name).toEqual([]);
}

function smallTargets(): string[] {
  const pressed =
    'button, a, select, input:not([type=file]), label:has(input[type=file]), [role=tab], [role=menuitem], [role=slider], summary';
  const inSentence = (element: HTMLElement) =>
    element.matches('a') &&
    getComputedStyle(element).display === 'inline' &&
    element.parentElement?.textContent?.trim() !== element.textContent?.trim();
  const small: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>(pressed)) {
    // A label around or beside a control is pressed with it.
    const label = element instanceof HTMLInputElement ? element.labels?.[0] : undefined;
    const parts = [element, ...(label ? [label] : [])];
    if (!element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: false })) continue;
    if (element.closest('.visually-hidden') || inSentence(element)) continue;
    // A slider's thumb can be taken hold of around itself.
    const around = element.matches('[role=slider]') ? [getComputedStyle(element, '::after')] : [];
    const sizes = [
      ...parts.map((part) => part.getBoundingClientRect()),
      ...around.map((style) => ({ width: Number.parseFloat(style.width), height: Number.parseFloat(style.height) })),
    ];
    const height = Math.max(...sizes.map((size) => size.height || 0));
    const width = Math.max(...sizes.map((size) => size.width || 0));
    if (width === 0 || height === 0) continue;
    if (Math.round(height) < 44 || Math.round(width) < 44) {
      const name = element.getAttribute('aria-label') ?? element.textContent;
      small.push(`${element.tagName} "${name}" ${width} × ${height}`);
    }
  }
  return small;
}
