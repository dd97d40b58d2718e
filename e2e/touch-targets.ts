import { expect, type Page } from '@playwright/test';

/** A phone, held upright. */
export const PHONE = { width: 390, height: 844 };

/**
 * Holds everything on the page, as it is now, that is pressed to the size of a finger, 44 by 44 px. Links within a sentence
 * are as high as their line, which WCAG allows them (2.5.5, 2.5.8: inline).
 */
export async function expectTouchTargets(page: Page, where: string): Promise<void> {
  expect(await page.evaluate(smallTargets), where).toEqual([]);
}

function smallTargets(): string[] {
  const pressed =
    'button, a, select, input:not([type=file]), label:has(input[type=file]), [role=tab], [role=menuitem], summary';
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
    const boxes = parts.map((part) => part.getBoundingClientRect());
    const height = Math.max(...boxes.map((box) => box.height));
    const width = Math.max(...boxes.map((box) => box.width));
    if (width === 0 || height === 0) continue;
    if (Math.round(height) < 44 || Math.round(width) < 44) {
      const name = element.getAttribute('aria-label') ?? element.textContent;
      small.push(`${element.tagName} "${name}" ${width} x ${height}`);
    }
  }
  return small;
}
