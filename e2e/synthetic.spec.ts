import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { build } from 'vite';
import { population } from '../src/faces/synthetic/population.ts';

const OPTIONS = { seed: 5, identities: 3, imagesPerIdentity: 4, size: 32, region: 'tight', variation: 'lfw' } as const;

/** The renderer as one script that leaves its `population` on the page. */
async function rendererScript(): Promise<string> {
  const entry = '\0renderer';
  const output = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'renderer',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) =>
          id === entry
            ? `import { population } from ${JSON.stringify(`${process.cwd()}/src/faces/synthetic/population.ts`)}; window.population = population;`
            : undefined,
      },
    ],
    build: { write: false, rollupOptions: { input: entry, output: { format: 'iife' } } },
  });
  const [bundle] = Array.isArray(output) ? output : [output];
  const chunk = bundle !== undefined && 'output' in bundle ? bundle.output[0] : undefined;
  if (chunk === undefined) throw new Error('The renderer was not built.');
  return chunk.code;
}

test('the same seed draws the same bytes in the browser and in Node', async ({ page }) => {
  await page.goto('about:blank');
  await page.addScriptTag({ content: await rendererScript() });
  const drawn = await page.evaluate(async (options) => {
    const draw: unknown = Reflect.get(window, 'population');
    if (typeof draw !== 'function') throw new Error('The renderer is not on the page.');
    const faces = await draw(options);
    return Array.from(faces.images as Uint8Array);
  }, OPTIONS);
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  expect(drawn).toHaveLength(12 * 32 * 32 * 3);
  expect(hash(Uint8Array.from(drawn))).toBe(hash((await population(OPTIONS)).images));
});
