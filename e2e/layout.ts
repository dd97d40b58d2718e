import type { Page } from '@playwright/test';

/** The overflowing parts of the page as it is now, in words; empty where all does. */
export async function layoutFaults(page: Page): Promise<readonly string[]> {
  let faults: readonly string[] = [];
  // Charts are laid out anew some frames after the window changed.
  for (let frame = 0; frame < 5; frame++) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    faults = await page.evaluate(faultsNow);
    if (faults.length === 0) break;
  }
  return faults;
}

/**
 * The numbers in sight that are not written as the page writes them, with the letters around them: a hyphen in place of a
 * minus, an x in place of a times sign, thousands with a comma or a space that may break the line, or typed ones without spaces.
 */
export async function numberFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const wrong = /.{0,20}(?:(?<![\p{L}\d.\]_-])-\d|\de-\d|\d\s?x\s?\d|\d[, ]\d{3}(?!\d)).{0,20}/gu;
    const faults: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      // Commands and paths are written as a computer reads them.
      if (element === null || element.closest('code, pre, kbd, script, style') || !element.checkVisibility()) continue;
      faults.push(...(texts.currentNode.textContent?.match(wrong) ?? []));
    }
    for (const input of document.querySelectorAll<HTMLInputElement>('input[role=spinbutton]')) {
      if (input.checkVisibility() && /\d{4}|-/.test(input.value)) faults.push(`the field ${input.value}`);
    }
    return faults;
  });
}

/** In the page: the faults of its layout, in words: of controls, and of the names of the page and its axes. */
function faultsNow(): string[] {
  const faults: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > window.innerWidth) faults.push(`the page is ${root.scrollWidth} px wide`);

  const pressed =
    'button, a[href], select, textarea, input:not([type=file]), summary, [role=tab], [role=slider], [role=gridcell], label:has(input[type=file]), .mantine-SegmentedControl-label, .mantine-Switch-track';
  for (const card of document.querySelectorAll<HTMLElement>('section, header, figure')) {
    if (card.clientWidth === 0 || getComputedStyle(card).overflowX !== 'visible') continue;
    const over = card.scrollWidth - card.clientWidth;
    if (over > 1) faults.push(`something reaches ${over} px out of ${nameOf(card)}`);
  }

  const tick = '[data-testid=axis-tick]';
  // Beneath a dialog nothing can be pressed.
  const dialog = [...document.querySelectorAll('[role=dialog]')].find((element) => element.checkVisibility());
  const parts: Part[] = [];
  for (const element of (dialog ?? document).querySelectorAll<HTMLElement>(
    `${pressed}, ${tick}, h1, [data-testid=backend-badge]`,
  )) {
    if (!element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true })) continue;
    if (element.closest('.visually-hidden')) continue;
    const whole = element.getBoundingClientRect();
    if (whole.width < 2 || whole.height < 2) continue;
    const name = nameOf(element);
    const { box, scrolls, fixed } = seen(element, whole);
    if (!scrolls.x && (whole.left < -0.5 || whole.right > window.innerWidth + 0.5)) {
      faults.push(`${name} is outside: ${Math.round(whole.left)} to ${Math.round(whole.right)}`);
    }
    if (!scrolls.y && whole.bottom > window.innerHeight + 0.5) {
      faults.push(`${name} ends at ${Math.round(whole.bottom)}, under the window`);
    }
    if (!scrolls.x && box.right - box.left < whole.width - 1) faults.push(`${name} is cut`);
    const label = element.querySelector('.mantine-Button-label') ?? (element.matches('button, a') ? element : null);
    if (label !== null && label.scrollWidth > label.clientWidth + 1 && label.clientWidth > 0 && !mayCut(label)) {
      faults.push(`the words of ${name} are cut`);
    }
    if (box.right - box.left > 1 && box.bottom - box.top > 1)
      parts.push({ element, name, box, fixed, tick: element.matches(tick) });
  }

  for (const [place, one] of parts.entries()) {
    for (const other of parts.slice(place + 1)) {
      if (one.fixed !== other.fixed || one.tick !== other.tick) continue;
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      if (one.element.closest('label')?.contains(other.element)) continue;
      const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (width > 1 && height > 1) faults.push(`${one.name} and ${other.name} overlap by ${width} × ${height}`);
    }
  }
  return faults;

  interface Box {
    left: number;
    right: number;
    top: number;
    bottom: number;
  }
  interface Part {
    element: HTMLElement;
    name: string;
    box: Box;
    /** Floats above the content that scrolls beneath it. */
    fixed: boolean;
    /** A number on an axis: it may lie on the plot, which can be pressed, but not on another one. */
    tick: boolean;
  }

  function nameOf(element: HTMLElement): string {
    const words = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 30) ?? '';
    return `${element.tagName.toLowerCase()} "${words || element.id || element.className}"`;
  }

  /** Names of files and of the graphics card may be as long as they like. */
  function mayCut(label: Element): boolean {
    return getComputedStyle(label).textOverflow === 'ellipsis';
  }

  /** The rectangle of a part inside all that cut it, and the places it can be scrolled to. */
  function seen(element: HTMLElement, whole: DOMRect) {
    const box: Box = { left: whole.left, right: whole.right, top: whole.top, bottom: whole.bottom };
    const scrolls = { x: false, y: root.scrollHeight > root.clientHeight };
    let fixed = false;
    for (let at: HTMLElement | null = element; at !== null && at !== document.body; at = at.parentElement) {
      const { display, overflowX, overflowY, position } = getComputedStyle(at);
      if (at !== element && display !== 'contents' && (overflowX !== 'visible' || overflowY !== 'visible')) {
        const edge = at.getBoundingClientRect();
        if (overflowX !== 'visible') {
          box.left = Math.max(box.left, edge.left);
          box.right = Math.min(box.right, edge.right);
        }
        if (overflowY !== 'visible') {
          box.top = Math.max(box.top, edge.top);
          box.bottom = Math.min(box.bottom, edge.bottom);
        }
        if (/auto|scroll/.test(overflowX)) scrolls.x = true;
        if (/auto|scroll/.test(overflowY)) scrolls.y = true;
      }
      if (position === 'fixed' || position === 'sticky') {
        fixed = true;
        if (position === 'fixed') scrolls.y &&= /auto|scroll/.test(overflowY);
      }
    }
    return { box, scrolls, fixed };
  }
}
