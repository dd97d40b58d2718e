import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { faceAt } from '../face-set.ts';
import { DrawingStopped } from './face-drawing.ts';
import { drawIdentity } from './identity.ts';
import { drawNuisance } from './nuisance.ts';
import { drawPerson } from './person.ts';
import { population, populationDrawing, populationOf } from './population.ts';
import { renderFace } from './testing/render-face.ts';
import { runVariation, VARIATION_RANGES, VARIATIONS } from './variation.ts';

const OPTIONS = {
  seed: 5,
  identities: 3,
  imagesPerIdentity: 4,
  size: 32,
  region: 'tight',
  variation: 'lfw',
} as const;

/** Fixed so that a change of a single pixel is noticed; renew it when faces are meant to change. */
const PIXELS = '9ae701bf474e44fa4e9ffa7aae2b1a8d97d9d13163d4c4892ac031e79fadb6ce';

const PIXELS_2 = 'df2c45697c0966bc4e09e0f0497bcfce4fdd1e3d423d9c14c47ab62ceada802e';

describe('a population', () => {
  it('of version 1 has the same bytes on every machine, and those of earlier runs', async () => {
    const faces = await population({ ...OPTIONS, version: 1 });
    expect(createHash('sha256').update(faces.images).digest('hex')).toBe(PIXELS);
    expect([...faces.labels]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect(faces.identities).toHaveLength(3);
  });

  it('of a run with default settings is of version 2, and varies as photos did before that could be chosen', async () => {
    const run = { ...DEFAULT_CONFIG, facesSeed: 5, identities: 3, imagesPerIdentity: 4, imageSize: 32 };
    for (const options of [populationOf(run), OPTIONS]) {
      const faces = await population(options);
      expect(createHash('sha256').update(faces.images).digest('hex')).toBe(PIXELS_2);
    }
    expect(PIXELS_2).not.toBe(PIXELS);
    expect(runVariation(DEFAULT_CONFIG)).toEqual(VARIATION_RANGES.lfw);
    expect(populationOf({ ...run, faceVersion: '1' }).version).toBe(1);
  });

  it('of a run varies as far as its settings say', () => {
    const ranges = runVariation({
      ...DEFAULT_CONFIG,
      photoYaw: '20 60',
      photoLight: '-80 -40',
      photoYears: '10 30',
      photoCovered: 0.4,
      photoBlur: '1 3',
    });
    const photos = Array.from({ length: 400 }, (_, photo) => drawNuisance(5, 'training', 0, photo, 'lfw', ranges));
    const within = (values: readonly number[], low: number, high: number) =>
      values.filter((value) => value >= low && value <= high).length / values.length;
    const degrees = 180 / Math.PI;
    expect(
      within(
        photos.map(({ yaw }) => yaw * degrees),
        20,
        60,
      ),
    ).toBeGreaterThan(0.92);
    expect(
      within(
        photos.map(({ lightAzimuth }) => lightAzimuth * degrees),
        -80,
        -40,
      ),
    ).toBeGreaterThan(0.92);
    expect(
      within(
        photos.map(({ years }) => years),
        10,
        30,
      ),
    ).toBeGreaterThan(0.92);
    expect(
      within(
        photos.map(({ blur }) => blur),
        1,
        3,
      ),
    ).toBe(1);
    expect(photos.filter(({ occluder }) => occluder !== 'none').length / 400).toBeCloseTo(0.4, 1);
  });

  it('shows a person the same in any population, and each photo as renderFace does', async () => {
    const faces = await population({ ...OPTIONS, identities: 2, imagesPerIdentity: 6 });
    const more = await population(OPTIONS);
    const bytes = 32 * 32 * 3;
    const photo = 1 * 6 + 3;
    const alone = renderFace(drawIdentity(5, 'training', 1), drawNuisance(5, 'training', 1, 3, 'lfw'), 32, 'tight');
    expect(faces.images.subarray(photo * bytes, (photo + 1) * bytes)).toEqual(alone);
    expect(more.images.subarray(7 * bytes, 8 * bytes)).toEqual(alone);
  });

  it('of Hadrian shows beards, of Eclipse dark and washed-out faces', () => {
    const grey = (person: number, photo: number, variation: 'hadrian' | 'eclipse', beardWorn: number) => {
      const nuisance = { ...drawNuisance(5, 'test', person, photo, variation), beardWorn };
      const bytes = renderFace(drawPerson(5, 'test', person, variation), nuisance, 32, 'full');
      return (row: number) => {
        const pixels = bytes.subarray((row * 32 + 10) * 3, (row * 32 + 22) * 3);
        return pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
      };
    };
    for (let person = 0; person < 3; person++) {
      // Brightness of a photo is set after the beard is drawn: the chin is compared with the forehead of the same photo.
      const shade = (worn: number) => {
        const row = grey(person, 1, 'hadrian', worn);
        return (row(28) + row(29)) / (row(12) + row(13));
      };
      expect(shade(0) - shade(1)).toBeGreaterThan(0.1);
      expect(grey(person, 0, 'eclipse', 0)(18)).toBeLessThan(60);
      expect(grey(person, 1, 'eclipse', 0)(18)).toBeGreaterThan(175);
    }
  });

  it('draws the wanted images first and, before those, the awaited ones; the bytes stay the same', async () => {
    const whole = await population(OPTIONS);
    const drawing = populationDrawing(OPTIONS);
    const isDrawn = (image: number) => faceAt(drawing.faces, image).some((byte) => byte > 0);
    const drawnOf = () => Array.from(whole.labels, (_, image) => image).filter(isDrawn);
    const order: number[][] = [];
    drawing.prefer([Int32Array.of(7, 2, 7), Int32Array.of(11)]);
    const wanted = drawing.ready(Int32Array.of(2, 7))?.then(() => order.push(drawnOf()));
    const later = drawing.ready(Int32Array.of(9, 0))?.then(() => order.push(drawnOf()));
    await Promise.all([wanted, later]);
    expect(order).toEqual([
      [2, 7],
      [0, 2, 7, 9],
    ]);
    expect(await drawing.done).toEqual(whole);
    expect(drawing.ready(Int32Array.of(3))).toBeUndefined();
  });

  it('refuses those who wait when it is stopped', async () => {
    let stops = false;
    const drawing = populationDrawing({ ...OPTIONS, size: 112, identities: 1000, shouldStop: () => stops });
    await drawing.ready(Int32Array.of(5));
    stops = true;
    await expect(drawing.ready(Int32Array.of(3999))).rejects.toBeInstanceOf(DrawingStopped);
    await expect(drawing.done).rejects.toBeInstanceOf(DrawingStopped);
    await expect(drawing.ready(Int32Array.of(3998))).rejects.toBeInstanceOf(DrawingStopped);
    expect(drawing.ready(Int32Array.of(5))).toBeUndefined();
  });

  it('at ease it rests three times as long as it draws, until images are asked for', async () => {
    // Only the rests are timers.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      let [stretches, stops] = [0, false];
      const drawing = populationDrawing({
        ...OPTIONS,
        size: 112,
        identities: 1000,
        progress: () => stretches++,
        shouldStop: () => stops,
      });
      drawing.ease();
      await vi.advanceTimersByTimeAsync(0);
      expect(stretches).toBe(1);
      await vi.advanceTimersByTimeAsync(29);
      expect(stretches).toBe(1);
      await vi.advanceTimersByTimeAsync(31);
      expect(stretches).toBe(3);
      const last = drawing.ready(Int32Array.of(3999));
      await vi.advanceTimersByTimeAsync(30);
      await last;
      expect(vi.getTimerCount()).toBe(0);
      stops = true;
      await expect(drawing.done).rejects.toBeInstanceOf(DrawingStopped);
    } finally {
      vi.useRealTimers();
    }
  });

  it('draws other people for the parts that must not meet', () => {
    const training = drawIdentity(5, 'training', 0);
    expect(drawIdentity(5, 'test', 0).shape).not.toEqual(training.shape);
    expect(drawIdentity(5, 'validation', 0).shape).not.toEqual(training.shape);
    // Of no seed and no benchmark is anybody in the test whom a run of that seed trains on.
    const looks = new Set(Array.from({ length: 300 }, (_, at) => JSON.stringify(drawIdentity(5, 'training', at))));
    expect(looks.size).toBe(300);
    for (const variation of VARIATIONS) {
      const tested = Array.from({ length: 60 }, (_, at) => JSON.stringify(drawPerson(5, 'test', at, variation)));
      expect(tested.filter((person) => looks.has(person))).toEqual([]);
    }
  });

  it('reports its progress and stops when asked', async () => {
    const counts: number[] = [];
    const drawing = population({
      ...OPTIONS,
      size: 112,
      identities: 1000,
      progress: (done) => counts.push(done),
      shouldStop: () => counts.length >= 2,
    });
    await expect(drawing).rejects.toBeInstanceOf(DrawingStopped);
    expect(counts).toHaveLength(2);
    expect(counts[1]).toBeGreaterThan(counts[0] ?? 0);
  });
});
