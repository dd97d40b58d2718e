import sharp from 'sharp';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { MeasuredRun } from '../record/measured-run.ts';
import { runPictures } from './run-pictures.ts';

test('a run of the command line has the pictures that the page saves, in ink and not blank', async () => {
  const run = new MeasuredRun({ ...DEFAULT_CONFIG, steps: 20, filters: 2 });
  run.begin([{ name: 'craft', kernelShape: [1, 1, 1, 2] }]);
  run.measure({
    type: 'filters',
    arm: 'craft',
    step: 10,
    norms: Float32Array.of(1, 0.5),
    maxAbs: Float32Array.of(1, 0.5),
    inactive: Uint8Array.of(0, 0),
    inactiveShare: 0,
    relativeInactiveShare: 0,
    contributions: Float32Array.of(1, 0.5),
    unusedShare: 0,
    kernel: Float32Array.of(1, -0.5),
  });
  const pictures = await runPictures(run, { backend: 'wasm', adapter: 'SIMD' });
  expect([...pictures.keys()]).toEqual(['filter-walls.png', 'filter-walls.svg', 'charts.png', 'charts.svg']);
  const svg = new TextDecoder().decode(pictures.get('filter-walls.svg'));
  const [, width = 0] = /width="(\d+)"/.exec(svg) ?? [];
  const png = sharp(pictures.get('filter-walls.png'));
  expect((await png.metadata()).width).toBe(2 * Number(width));
  // White paper, and dark ink.
  const { channels } = await png.stats();
  expect(channels.slice(0, 3).map(({ min, max }) => [min < 64, max])).toEqual(Array(3).fill([true, 255]));
});
