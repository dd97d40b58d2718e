import { describe, expect, it } from 'vitest';
import { drawingSettings } from '../../config/drawing-settings.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { faceAt } from '../../faces/face-set.ts';
import { population, populationOf } from '../../faces/synthetic/population.ts';
import { Easel } from './easel.ts';
import type { DrawnPicture, FaceOrder } from './protocol.ts';

const order = (id: string, person: number, values = {}): FaceOrder => ({
  id,
  seed: 5,
  person,
  values,
  views: [{ size: 16, region: 'full' }],
});

/** An easel and its deliveries. */
function watchedEasel() {
  const delivered: { readonly id: string; readonly pictures: readonly DrawnPicture[] }[] = [];
  const easel = new Easel((_lane, id, pictures) => delivered.push({ id, pictures }));
  return { easel, delivered, ids: () => delivered.map(({ id }) => id) };
}

describe('Easel', () => {
  it('draws only the newest orders of a lane', async () => {
    const { easel, ids } = watchedEasel();
    for (let pose = 0; pose < 20; pose++) void easel.order('face', [order(`pose ${pose}`, 0, { pose })]);
    await easel.order('face', [order('newest', 0, { pose: 90 })]);
    expect(ids()).toEqual(['newest']);
  });

  it('draws the face on show before examples and the grid, and loses none of them', async () => {
    const { easel, ids } = watchedEasel();
    void easel.order('people', [order('thumb 1', 1), order('thumb 2', 2)]);
    void easel.order('examples', [order('example', 0)]);
    await easel.order('face', [order('face', 0)]);
    expect(ids()).toEqual(['face', 'example', 'thumb 1', 'thumb 2']);
  });

  it('draws a photo of the population as a run trains on it', async () => {
    const { easel, delivered } = watchedEasel();
    const usual = {
      ...DEFAULT_CONFIG,
      facesSeed: 5,
      identities: 2,
      imagesPerIdentity: 2,
      imageSize: 16,
      region: 'full',
    } as const;
    for (const config of [usual, { ...usual, photoYaw: '30 60', faceVersion: '2' as const }]) {
      await easel.order('face', [{ ...order('photo', 1), photo: 1, drawing: drawingSettings(config) }]);
      const trained = faceAt(await population(populationOf(config)), 3);
      const rgb = delivered.at(-1)?.pictures[0]?.pixels.filter((_, at) => at % 4 !== 3);
      expect([...(rgb ?? [])]).toEqual([...trained]);
    }
  });

  it('gives opaque pictures of every view, which the sliders change', async () => {
    const { easel, delivered } = watchedEasel();
    const views = [
      { size: 24, region: 'full' },
      { size: 16, region: 'tight' },
    ] as const;
    await easel.order('face', [{ ...order('plain', 0), views }]);
    await easel.order('face', [{ ...order('wide', 0, { faceWidth: 2.5 }), views }]);
    const [plain, wide] = delivered;
    expect(plain?.pictures.map(({ size }) => size)).toEqual([24, 16]);
    expect(plain?.pictures[0]?.pixels).toHaveLength(24 * 24 * 4);
    expect(plain?.pictures[0]?.pixels.every((value, at) => at % 4 !== 3 || value === 255)).toBe(true);
    expect(wide?.pictures[0]?.pixels).not.toEqual(plain?.pictures[0]?.pixels);
    expect(wide?.pictures[1]?.pixels).not.toEqual(plain?.pictures[1]?.pixels);
  });
});
