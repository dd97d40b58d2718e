import { test } from '../../e2e/own-browser.ts';

const KILLS = Number(process.env.KILLS ?? 25);

/** So many tests of one kind, with moments from 0 to 50 ms after the start of a write. */
export function kills(kind: string, one: (name: string, delay: number) => void): void {
  test.describe(kind, () => {
    for (let kill = 0; kill < KILLS; kill++) one(`${kill + 1} of ${KILLS}`, Math.round((50 * kill) / KILLS));
  });
}
